/** Whether an installation has an engine for a system: the package without one checks, converts and shows, and trains nothing. */
import { existsSync } from "node:fs";
import { librariesIn, type System } from "./cuda/librariesIn.ts";

/** @param runtime folder of onnxruntime-node; undefined where it is not installed */
export const hasEngine = (runtime: string | undefined, system: System = process): boolean =>
  runtime !== undefined && existsSync(librariesIn(runtime, system));
