/**
 * Everything that has to hold: types, format and lint, the bundles, every unit test, then the packaged extension in a real
 * editor. The last line of the output is `N passed, N failed, N skipped`, summed over all tests; where an earlier stage
 * fails, that stage is the one failure.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { prepareEditor, runEditorTests } from "./editorTests.ts";
import { longTestsLeftOut, testFiles } from "./testFiles.ts";
import { type Counts, prepareWebgpu, runTests, sum, summary } from "./unitTests.ts";

const root = path.resolve(import.meta.dirname, "..");
const bin = (name: string, script: string) => path.join(root, "node_modules", name, "bin", script);

const stages: readonly { name: string; arguments: string[] }[] = [
  { name: "type-check", arguments: [bin("typescript", "tsc"), "-b"] },
  { name: "format and lint", arguments: [bin("@biomejs/biome", "biome"), "ci", "--error-on-warnings", "."] },
  { name: "build", arguments: [path.join(root, "scripts", "build.ts")] },
];

function finish(counts: Counts): never {
  console.log(summary(counts));
  process.exit(counts.failed > 0 ? 1 : 0);
}

prepareEditor();
prepareWebgpu();
for (const stage of stages) {
  console.log(`— ${stage.name}`);
  const { status } = spawnSync(process.execPath, stage.arguments, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(`${stage.name} failed`);
    finish({ passed: 0, failed: 1, skipped: 0 });
  }
}

console.log("— unit tests");
const units = await runTests(testFiles(root));
if (units.passed === 0 && units.failed === 0) {
  console.error("No unit test ran");
  finish({ ...units, failed: 1 });
}

console.log("— tests in the editor");
const inEditor = await runEditorTests(root);
console.log(longTestsLeftOut(root));
finish(sum(units, inEditor));
