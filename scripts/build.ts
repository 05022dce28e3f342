/** Bundles every program into dist/. Exit code 1 when any does not build. */
import path from "node:path";
import { bundleAll } from "./bundle.ts";
import { entries } from "./entries.ts";

const failed = await bundleAll(path.resolve(import.meta.dirname, "..", "dist"));
if (failed.length > 0) {
  console.error(`Build failed: ${failed.join(", ")}`);
  process.exitCode = 1;
} else {
  console.log(`Built ${entries.map((entry) => `dist/${entry.output}`).join(", ")}`);
}
