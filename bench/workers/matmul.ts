/** The device's float32 matrix-product rate through our runtime: a square product, the fastest form there is. */
import { type NodeSettings, nodeTimes } from "./nodeTimes.ts";

const settings = JSON.parse(process.argv[2] as string) as NodeSettings;
const { side } = settings;
const times = await nodeTimes((graph, a, b) => graph.node("MatMul", [a, b], [side, side]), settings);
console.log(JSON.stringify({ times, operations: 2 * side ** 3 }));
