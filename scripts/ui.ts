/** Tests in a real editor only, on a package made anew. Arguments: parts of paths, to run only those files. */
import path from "node:path";
import { bundleAll } from "./bundle.ts";
import { prepareEditor, runEditorTests } from "./editorTests.ts";
import { summary } from "./unitTests.ts";

const root = path.resolve(import.meta.dirname, "..");
prepareEditor();
const failed = await bundleAll(path.join(root, "dist"));
if (failed.length > 0) {
  console.error(`Build failed: ${failed.join(", ")}`);
  process.exit(1);
}
const counts = await runEditorTests(root, process.argv.slice(2));
console.log(summary(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
