/** Finds every test of the repository, so that none has to be listed and none can be forgotten. */
import { globSync } from "node:fs";
import path from "node:path";

/** Folders that hold no source of ours. */
const skipped = new Set(["node_modules", "dist", ".git", ".tsbuild", ".scratch", ".vscode-test", "runs"]);

/** `name.test.ts` runs in Node, `name.ui.ts` drives a real editor from outside, `name.host.ts` is a mocha suite inside its extension host. */
export type TestKind = "test" | "ui" | "host";

/** Absolute paths of all tests of a kind below root, sorted; only those whose path holds one of the parts, when any is given. */
export function testFiles(root: string, parts: readonly string[] = [], kind: TestKind = "test"): string[] {
  return globSync(`**/*.${kind}.ts`, { cwd: root, exclude: (name) => skipped.has(path.basename(name)) })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
    .sort()
    .map((file) => path.join(root, file));
}
