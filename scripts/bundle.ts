/** Bundling with esbuild: every program of entries.ts into one file each. */
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { type Entry, entries, external } from "./entries.ts";

const root = path.resolve(import.meta.dirname, "..");

/** CommonJS packages inside an ES module bundle call `require` for Node's own modules. */
const requireBanner = [
  'import { createRequire as createRequireOfBundle } from "node:module";',
  "const require = createRequireOfBundle(import.meta.url);",
].join("\n");

/** Bundles one program into a folder; esbuild prints why it could not. */
export async function bundle(entry: Entry, folder: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [entry.source],
    outfile: path.join(folder, entry.output),
    bundle: true,
    platform: "node",
    format: "esm",
    target: entry.target,
    // The ES module of a package, where it has one: a UMD main (jsonc-parser's) hides its own `require`s from the bundler.
    mainFields: ["module", "main"],
    external: [...external],
    banner: { js: requireBanner },
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
  });
}

/** A run may be going on from these very files: they are replaced where they lie, and only strangers are removed. */
function removeStale(folder: string): void {
  const kept = new Set(entries.flatMap(({ output }) => [output, `${output}.map`]));
  for (const name of readdirSync(folder)) {
    if (!kept.has(name)) rmSync(path.join(folder, name), { recursive: true });
  }
}

/** Bundles all programs into a folder and returns the sources of those that failed; esbuild has printed why, with places. */
export async function bundleAll(folder: string): Promise<string[]> {
  const results = await Promise.allSettled(entries.map((entry) => bundle(entry, folder)));
  const failed = entries.filter((_, index) => results[index]?.status === "rejected").map(({ source }) => source);
  if (failed.length === 0) removeStale(folder);
  return failed;
}
