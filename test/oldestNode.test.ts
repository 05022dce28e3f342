/**
 * What an editor runs, against the types of Node 22.15, which the oldest editor that the manifest admits brings along. The command line has a newer
 * Node, and what it alone is made of is left out.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { build } from "esbuild";
import { optionsFor } from "../scripts/bundle.ts";
import { entries } from "../scripts/entries.ts";
import { filesWith, root } from "./sources.ts";

const compiler = path.join(
  path.dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin",
  "tsc",
);

/** Sources of the programs that an editor's own Node runs. */
async function sourcesInEditors(): Promise<string[]> {
  const programs = entries.filter(({ browser, output }) => !browser && output !== "cli.js" && output !== "main.js");
  assert.ok(programs.length > 10);
  const bundles = await Promise.all(
    programs.map((entry) => build({ ...optionsFor(entry, "dist"), write: false, metafile: true, logLevel: "silent" })),
  );
  const sources = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  return [...new Set(sources)].filter((source) => source.endsWith(".ts") && !source.includes("node_modules")).sort();
}

/** What the compiler says of those files with the types of Node 22.15 in the place of newer ones. */
function complaints(t: TestContext, sources: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), "oldest-node-"));
  t.after(() => rmSync(folder, { recursive: true }));
  // Wherever a library asks for the types of "node", it gets these.
  const types = path.join(folder, "types");
  mkdirSync(types);
  for (const [name, installed] of [
    ["node", "node-oldest"],
    ["vscode", "vscode"],
  ] as const)
    symlinkSync(path.join(root, "node_modules", "@types", installed), path.join(types, name), "junction");
  const compilerOptions = {
    ...{ composite: false, emitDeclarationOnly: false, noEmit: true },
    ...{ typeRoots: [types], types: ["node", "vscode"] },
  };
  const files = [...sources, ...filesWith("d.ts").map((file) => path.join(root, file))];
  const project = { extends: path.join(root, "tsconfig.base.json"), compilerOptions, files };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(project));
  return spawnSync(process.execPath, [compiler, "-p", folder, "--pretty", "false"], { cwd: root, encoding: "utf8" })
    .stdout;
}

test("nothing that an editor's own Node runs asks for what the oldest one does not have", async (t) => {
  const sources = (await sourcesInEditors()).map((source) => path.join(root, source));
  assert.ok(sources.length > 300, `${sources.length}`);
  assert.equal(complaints(t, sources), "");
});

test("what came later is found", (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "newer-node-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const source = path.join(folder, "newer.ts");
  writeFileSync(
    source,
    'import { DatabaseSync } from "node:sqlite";\nnew DatabaseSync("a").prepare("b").setReturnArrays(true);\n',
  );
  assert.match(complaints(t, [source]), /newer\.ts.*setReturnArrays/);
});
