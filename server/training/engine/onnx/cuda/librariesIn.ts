/** Where the runtime's package keeps its native libraries. */
import { join } from "node:path";

/** A system, as Node names it. */
export type System = Pick<NodeJS.Process, "platform" | "arch">;

/** @param folder of onnxruntime-node */
export const librariesIn = (folder: string, { platform, arch }: System): string =>
  join(folder, "bin", "napi-v6", platform, arch);
