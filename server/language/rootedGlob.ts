import { isAbsolute } from "node:path";

/** A glob of a setting as it holds for whole paths: one that does not say where it begins holds in every folder. */
export function rootedGlob(glob: string): string {
  const trimmed = glob.trim().replace(/^\.\//, "");
  return trimmed.startsWith("**/") || isAbsolute(trimmed) ? trimmed : `**/${trimmed}`;
}
