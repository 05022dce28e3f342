/** Libraries that a library asks for and the dynamic linker does not find, in the linker's own words. */
import { outputOf } from "../devices/programOutput.ts";

/** Their names with versions; none where the linker cannot be asked. */
export async function unresolvedLibraries(file: string): Promise<string[]> {
  return unresolvedIn(await outputOf("ldd", [file]));
}

/** Reads what ldd writes. */
export const unresolvedIn = (output: string): string[] =>
  [...output.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name as string);
