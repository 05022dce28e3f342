/** Bundles the suites of the extension host into dist/test, which never ships. */
import { rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { testFiles } from "../../scripts/testFiles.ts";
import { root } from "../sources.ts";

/** Every suite in a file of its own beside the entry, and the path of the entry. */
export async function bundleHostSuites(): Promise<string> {
  const folder = path.join(root, "dist", "test");
  rmSync(folder, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: [path.join(import.meta.dirname, "host", "run.ts"), ...testFiles(root, [], "host")],
    entryNames: "[name]",
    outExtension: { ".js": ".cjs" },
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    // As in scripts/bundle.ts: a UMD main hides its own `require`s from the bundler.
    mainFields: ["module", "main"],
    // The one mocha of the entry has to be that of every suite.
    external: ["vscode", "mocha", "onnxruntime-node"],
    sourcemap: "inline",
    logLevel: "warning",
  });
  return path.join(folder, "run.cjs");
}
