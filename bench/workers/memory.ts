/** The device's memory rate through our runtime: a sum of two arrays that no cache holds. */
import { addRaw } from "../../server/training/engine/onnx/ops/elementwise.ts";
import { type NodeSettings, nodeTimes } from "./nodeTimes.ts";

const settings = JSON.parse(process.argv[2] as string) as NodeSettings;
const times = await nodeTimes(addRaw, settings);
console.log(JSON.stringify({ times, bytes: 3 * 4 * settings.side ** 2 }));
