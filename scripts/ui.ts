/**
 * Tests in a real editor only, on a package made anew, or with `--vsix FILE` on one that was made before, as a release is tested. Arguments:
 * parts of paths, to run only those files.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { bundleAll } from "./bundle.ts";
import { prepareEditor, runEditorTests } from "./editorTests.ts";
import { summary } from "./unitTests.ts";

const root = path.resolve(import.meta.dirname, "..");
const { values, positionals } = parseArgs({ options: { vsix: { type: "string" } }, allowPositionals: true });
if (values.vsix !== undefined) process.env.TOOLEXPANDER_VSIX = path.resolve(values.vsix);
prepareEditor();
// What is named may lie in dist/vsix, which bundling clears.
const failed = values.vsix === undefined ? await bundleAll(path.join(root, "dist")) : [];
if (failed.length > 0) {
  console.error(`Build failed: ${failed.join(", ")}`);
  process.exit(1);
}
const counts = await runEditorTests(root, positionals);
console.log(summary(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
