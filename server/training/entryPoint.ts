/** Where the programs lie that run in processes of their own: beside the bundle, or in the source tree. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const SOURCES = {
  trainingServer: "server/main.ts",
  engine: "engine/remote/child.ts",
  decoderThread: "engine/onnx/decoding/threads/thread.ts",
  ownCode: "ownCode/worker.ts",
  deviceTest: "engine/onnx/devices/selfTestProgram.ts",
} as const;

export type EntryName = keyof typeof SOURCES;

/** Absolute path of a program's first module: `<name>.js` beside the bundle this code is in, else its TypeScript source. */
export function entryPoint(name: EntryName): string {
  const bundled = join(import.meta.dirname, `${name}.js`);
  return existsSync(bundled) ? bundled : join(import.meta.dirname, SOURCES[name]);
}
