/** Bundling with esbuild: every program of entries.ts into one file each. */
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, build } from "esbuild";
import { type Entry, entries, external } from "./entries.ts";

const root = path.resolve(import.meta.dirname, "..");

/** CommonJS packages inside an ES module bundle call `require` for Node's own modules. */
const requireBanner = [
  'import { createRequire as createRequireOfBundle } from "node:module";',
  "const require = createRequireOfBundle(import.meta.url);",
].join("\n");

/** Fonts of a style sheet lie beside it. */
const forBrowser: BuildOptions = {
  platform: "browser",
  format: "iife",
  minify: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".ttf": "file" },
  assetNames: "[name]",
};

const forNode = ({ format, inEditor }: Entry): BuildOptions => ({
  platform: "node",
  format: format ?? "esm",
  // The ES module of a package, where it has one: a UMD main (jsonc-parser's) hides its own `require`s from the bundler.
  mainFields: ["module", "main"],
  external: [...external, ...(inEditor ? ["vscode"] : [])],
  ...(format === "cjs" ? {} : { banner: { js: requireBanner } }),
});

/** How one program is bundled. @param folder stands for dist/ */
export function optionsFor(entry: Entry, folder: string): BuildOptions {
  return {
    ...(entry.browser ? forBrowser : forNode(entry)),
    absWorkingDir: root,
    entryPoints: [entry.source],
    outfile: path.join(folder, entry.output),
    bundle: true,
    target: entry.target,
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
  };
}

/** Files that this process found in a program when it bundled it last, or was asked for them first; by the program's source. */
const found = new Map<string, readonly string[]>();

/** @param folder stands for dist/ */
export async function bundle(entry: Entry, folder: string): Promise<void> {
  const { metafile } = await build({ ...optionsFor(entry, folder), metafile: true });
  found.set(entry.source, Object.keys(metafile.inputs));
}

/** Paths of all files in a program, those of packages included; what was bundled here already is not bundled again. */
export async function filesIn(entry: Entry): Promise<readonly string[]> {
  const known = found.get(entry.source);
  if (known !== undefined) return known;
  const { metafile } = await build({ ...optionsFor(entry, "dist"), write: false, metafile: true, logLevel: "silent" });
  const files = Object.keys(metafile.inputs);
  found.set(entry.source, files);
  return files;
}

/** A run may be going on from these very files: they are replaced where they lie, and only strangers are removed. */
function removeStale(folder: string): void {
  const kept = new Set(entries.map(({ output }) => output.split("/")[0]).flatMap((name) => [name, `${name}.map`]));
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
