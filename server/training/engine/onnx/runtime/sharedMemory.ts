/** Whether ONNX Runtime can be fed arrays in memory that threads share. */

/** The first minor versions of Node that can, by major version; all from 25 on. */
const SINCE: Readonly<Record<number, number>> = { 22: 21, 24: 9 };

/**
 * Its binding asks Node-API where an array lies, which Node 22 before 22.21, all of 23, and 24 before 24.9 answer with "Invalid argument" where its memory
 * is shared (tried with onnxruntime-node 1.30). Editors of 2025 have such a Node.
 *
 * @param version of Node, as process.versions has it
 */
export function readsSharedMemory(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 24 || minor >= (SINCE[major] ?? Number.POSITIVE_INFINITY);
}
