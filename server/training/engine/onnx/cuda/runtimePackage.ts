/** The package of the runtime that this code runs with. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { librariesIn } from "./librariesIn.ts";

/** Folder of onnxruntime-node; undefined where it is not installed. */
export function runtimePackage(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  } catch {
    return undefined;
  }
}

/** Folder of the runtime's own libraries for this system; empty where there is no package. */
export function runtimeLibraries(): string {
  const folder = runtimePackage();
  return folder === undefined ? "" : librariesIn(folder, process);
}
