/** Unit tests only. Arguments: parts of paths, to run only those files. */
import path from "node:path";
import { testFiles } from "./testFiles.ts";
import { prepareWebgpu, runTests, summary } from "./unitTests.ts";

prepareWebgpu();
const counts = await runTests(testFiles(path.resolve(import.meta.dirname, ".."), process.argv.slice(2)));
console.log(summary(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
