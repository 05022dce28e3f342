/** Finds every test of the repository, so that none has to be listed and none can be forgotten. */
import { globSync } from "node:fs";
import path from "node:path";

/** Folders that hold no source of ours. */
const skipped = new Set(["node_modules", "dist", ".git", ".tsbuild", ".scratch", ".vscode-test", "runs"]);

/** `name.test.ts` runs in Node, `name.ui.ts` drives a real editor from outside, `name.host.ts` is a mocha suite inside its extension host. */
export type TestKind = "test" | "ui" | "host";

/** Set where long tests are to run with the others. */
const LONG_VARIABLE = "TOOLEXPANDER_LONG";

/** `name.long.test.ts`, `name.long.ui.ts`: minutes each, for what other tests hold in a shorter form or what hardly ever changes. */
const isLong = (file: string): boolean => /\.long\.\w+\.ts$/.test(file);

/** Whether long tests run: where the variable says so, and those that somebody asks for by a part of their path. */
const wantsLong = (parts: readonly string[]): boolean => parts.length > 0 || Boolean(process.env[LONG_VARIABLE]);

/** Absolute paths of all tests of a kind below root, sorted; only those whose path holds one of the parts, when any is given. */
export function testFiles(
  root: string,
  parts: readonly string[] = [],
  kind: TestKind = "test",
  long = wantsLong(parts),
): string[] {
  return globSync(`**/*.${kind}.ts`, { cwd: root, exclude: (name) => skipped.has(path.basename(name)) })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => long || !isLong(file))
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
    .sort()
    .map((file) => path.join(root, file));
}

/** One sentence, empty where no long test is left out. */
export function longTestsLeftOut(root: string): string {
  const count = (long: boolean): number =>
    (["test", "ui"] as const).reduce((sum, kind) => sum + testFiles(root, [], kind, long).length, 0);
  const left = wantsLong([]) ? 0 : count(true) - count(false);
  return left === 0 ? "" : `${left} files of long tests were left out: ${LONG_VARIABLE}=1 npm test runs them too.`;
}
