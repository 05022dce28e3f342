/** The repository's own files, for tests that look at all of them. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "..");

const notOurs = new Set(["node_modules", "dist", ".git", ".tsbuild", ".scratch", ".vscode-test", "runs"]);

/** Paths from the root, with forward slashes, of files with one of the extensions (no dot). */
export function filesWith(...extensions: string[]): string[] {
  return extensions
    .flatMap((extension) =>
      globSync(`**/*.${extension}`, { cwd: root, exclude: (name) => notOurs.has(path.basename(name)) }),
    )
    .map((file) => file.replaceAll(path.sep, "/"))
    .sort();
}

export const textOf = (file: string): string => readFileSync(path.join(root, file), "utf8");
