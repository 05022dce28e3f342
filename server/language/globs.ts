/** Globs of settings, with the meaning that they have in the editor. */
import picomatch from "picomatch";
import { rootedGlob } from "./rootedGlob.ts";

const LONGEST = 1000;
const SPECIAL = /[[\]{}()*?!+@|]/g;

/** Tells the paths that fit; undefined for what is no glob. */
export function globMatcher(glob: string): ((file: string) => boolean) | undefined {
  if (glob.trim() === "" || glob.length > LONGEST) return undefined;
  try {
    const fits = picomatch(slashed(rootedGlob(glob)), { dot: true });
    return (file) => fits(slashed(file));
  } catch {
    return undefined;
  }
}

/** The glob that fits this path and no other. Without backslashes, which part folders on some systems. */
export const exactGlob = (path: string): string => slashed(path).replace(SPECIAL, "[$&]");

export const hasWildcards = (glob: string): boolean => glob.replace(/\[.\]/g, "").search(SPECIAL) !== -1;

const slashed = (path: string): string => (process.platform === "win32" ? path.replaceAll("\\", "/") : path);
