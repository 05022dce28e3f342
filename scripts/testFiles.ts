/** Finds every unit test of the repository, so that none has to be listed and none can be forgotten. */
import { globSync } from "node:fs";
import path from "node:path";

/** Folders that hold no source of ours. */
const skipped = new Set(["node_modules", "dist", ".git", ".tsbuild", ".scratch", ".vscode-test", "runs"]);

/** Absolute paths of all `*.test.ts` below root, sorted; only those whose path holds one of the parts, when any is given. */
export function testFiles(root: string, parts: readonly string[] = []): string[] {
  return globSync("**/*.test.ts", { cwd: root, exclude: (name) => skipped.has(path.basename(name)) })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
    .sort()
    .map((file) => path.join(root, file));
}
