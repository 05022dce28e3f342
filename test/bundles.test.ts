/** The bundles are what users run: each has to start away from the source tree, from any folder. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { bundleAll } from "../scripts/bundle.ts";
import { entries } from "../scripts/entries.ts";
import { root } from "./sources.ts";

let folder: string;

before(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "toolexpander-bundles-")));
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  assert.deepEqual(await bundleAll(path.join(folder, "dist")), []);
});

after(() => rmSync(folder, { recursive: true, force: true }));

function start(program: string, ...args: string[]) {
  return spawnSync(process.execPath, [path.join(folder, "dist", program), ...args], {
    cwd: tmpdir(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 30_000,
  });
}

test("nothing but the programs, the views' styles and font, and their maps is left in dist", () => {
  const views = entries.filter(({ browser, later }) => browser && !later).map(({ output }) => output);
  const mapped = [...entries.map(({ output }) => output), ...views.map((view) => view.replace(/js$/, "css"))];
  const left = readdirSync(path.join(folder, "dist"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(path.join(folder, "dist"), path.join(parentPath, name)));
  assert.deepEqual(
    left.map((file) => file.replaceAll(path.sep, "/")).sort(),
    [...mapped.flatMap((file) => [file, `${file}.map`]), "webview/codicon.ttf"].sort(),
  );
});

for (const { output } of entries.filter(({ inEditor, browser }) => !inEditor && !browser)) {
  test(`dist/${output} loads all it needs`, () => {
    const { stderr, error } = start(output, "--help");
    assert.equal(error, undefined);
    assert.doesNotMatch(stderr, /Cannot find|ERR_|ReferenceError|SyntaxError|TypeError/);
  });
}

/** Names of the modules that a bundle asks for besides Node's own, and of what it exports; `vscode` is all classes. */
function loadInEditor(program: string): { asked: string[]; exported: string[] } {
  const load = `const { Module } = require("node:module"), load = Module._load, asked = [];
    const editor = new Proxy({}, { get: () => class {} });
    Module._load = (name, ...rest) => /^(node:|[.\\/]|[a-z_/]+$)/.test(name) && name !== "vscode" ? load(name, ...rest) : (asked.push(name), editor);
    const exported = Object.keys(require(${JSON.stringify(program)}));
    console.log(JSON.stringify({ asked: [...new Set(asked)], exported }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--eval", load], { encoding: "utf8", timeout: 30_000 });
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}

test("the extension loads all it needs but the editor, and is small enough to be loaded at once", () => {
  const program = path.join(folder, "dist", "extension.cjs");
  assert.deepEqual(loadInEditor(program), { asked: ["vscode"], exported: ["activate"] });
  assert.ok(statSync(program).size < 350_000, "the first entry stays below 350 KB");
});

for (const { output } of entries.filter(({ browser, later }) => browser && !later)) {
  test(`${output} is small enough to be shown at once`, () => {
    assert.ok(statSync(path.join(folder, "dist", output)).size < 350_000, "a view stays below 350 KB");
  });
}

/** What is loaded later, and what it brings. */
const LATER: Record<string, readonly string[]> = {
  "cudaSupport.cjs": ["offerCudaSupport"],
  "exporting.cjs": ["exportPolicy"],
  "generating.cjs": ["GENERATING", "Generations"],
  "judging.cjs": ["Judging"],
  "languageClient.cjs": ["LanguageClient", "languageCommands"],
  "largeFiles.cjs": ["LargeFiles"],
  "panels.cjs": ["ComparisonViews", "CurveViews", "EpisodeViews", "RolloutViews"],
  "replacementEditors.cjs": ["ReplacementEditors"],
};

for (const { output } of entries.filter(({ inEditor, output }) => inEditor && output !== "extension.cjs")) {
  test(`${output}, loaded later, loads all it needs but the editor`, () => {
    const program = path.join(folder, "dist", output);
    assert.deepEqual(loadInEditor(program), { asked: ["vscode"], exported: LATER[output] });
  });
}

test("the scripts of each view are small enough, those included that it loads later", () => {
  for (const [names, most] of [
    [["rollouts"], 350_000],
    [["replacement", "jsonEditor"], 600_000],
  ] as const) {
    const sizes = names.map((name) => statSync(path.join(folder, "dist", "webview", `${name}.js`)).size);
    assert.ok(sizes.reduce((sum, size) => sum + size) < most, `${names.join(" and ")}: ${sizes.join(" + ")} bytes`);
  }
});

test("the command line shows its help and refuses what it does not know", () => {
  const help = start("cli.js", "--help");
  assert.equal(help.status, 0);
  assert.match(help.stdout, /\btrain\b/);
  const wrong = start("cli.js", "trian");
  assert.equal(wrong.status, 2);
  assert.equal(wrong.stdout, "");
});
