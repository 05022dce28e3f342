import assert from "node:assert/strict";
import test from "node:test";
import { circles, importsOf, rooms, violations } from "./floors.ts";
import { filesWith, textOf } from "./sources.ts";

test("no import goes up a floor", () => {
  const files = filesWith("ts", "tsx", "mts", "cts", "js", "mjs", "cjs").filter((file) =>
    rooms.some((room) => file.startsWith(`${room}/`)),
  );
  assert.ok(files.length > 20, "the search found next to nothing: it looks in the wrong place");
  assert.deepEqual(
    files.flatMap((file) => violations(file, textOf(file))),
    [],
  );
});

test("no files import each other in a circle", () => {
  const files = filesWith("ts", "tsx").filter((file) => rooms.some((room) => file.startsWith(`${room}/`)));
  assert.deepEqual(circles(new Map(files.map((file) => [file, textOf(file)]))), []);
});

test("circles are found once, however they are entered, and nothing else is", () => {
  const sources = new Map([
    ["a/start.ts", 'import "./c.ts"; import "./b.ts";'],
    ["a/b.ts", 'import type { C } from "./c.ts"; import "./deep/d.ts";'],
    ["a/c.ts", 'export * from "./b.ts";'],
    ["a/deep/d.ts", 'import "../e.ts"; import "node:fs"; import "./absent.ts";'],
    ["a/e.ts", 'import "./e.ts";'],
  ]);
  assert.deepEqual(circles(sources), ["a/b.ts -> a/c.ts", "a/e.ts"]);
});

test("every way to import is seen", () => {
  const source = [
    'import a from "a";',
    "import type { B } from './b.ts';",
    'import {\n  c,\n  type C,\n} from "c";',
    'import "d";',
    'export * from "e";',
    'export type { F } from "f";',
    'const g = await import("g");',
    'type H = import("h").H;',
    'const i = require("i");',
    "const j = require.resolve( 'j' );",
    "const k = await import(`k`);",
    '// import l from "l";',
    '/** import m from "m"; */',
    ' * from "n"',
    'import o, * as p from "o";',
  ].join("\n");
  assert.deepEqual(
    importsOf(source).map(({ specifier }) => specifier),
    ["a", "./b.ts", "c", "d", "e", "f", "g", "h", "i", "j", "k", "o"],
  );
  assert.equal(importsOf(source).find(({ specifier }) => specifier === "c")?.line, 6);
});

const wrong: [file: string, source: string, complaint: RegExp][] = [
  ["schemas/a.ts", 'import { b } from "../server/toolcalls/b.ts";', /no other room, not from server\/toolcalls/],
  ["server/toolcalls/a.ts", 'import type { B } from "../prompts/b.ts";', /not from server\/prompts/],
  ["server/store/a.ts", 'import { b } from "../prompts/b.ts";', /not from server\/prompts/],
  ["server/prompts/deep/a.ts", 'import { b } from "../../store/b.ts";', /not from server\/store/],
  ["server/training/run.ts", 'const b = await import("../language/b.ts");', /not from server\/language/],
  ["server/language/a.ts", 'import "../training/run.ts";', /not from server\/training/],
  ["server/training/run.ts", 'import { cli } from "../cli.ts";', /not from server$/],
  ["server/training/run.ts", 'export * from "../../extension/a.ts";', /not from extension/],
  ["server/training/run.ts", 'import { b } from "../../scripts/b.ts";', /not from scripts/],
  [
    "webview/rollouts/a.ts",
    'import { b } from "../../server/toolcalls/b.ts";',
    /import from schemas, webview, not from server/,
  ],
  ["webview/list/a.ts", 'import { b } from "../rollouts/b.ts";', /webview may import from schemas, not/],
  ["webview/episodes/a.ts", 'import { b } from "../rollouts/b.ts";', /not from webview\/rollouts/],
  ["server/store/a.ts", 'type U = import("vscode").Uri;', /nothing below extension/],
  ["server/cli.ts", 'const vscode = require("vscode");', /nothing below extension/],
  ["server/training/run.ts", 'import type { Tensor } from "onnxruntime-common";', /PolicyEngine/],
  ["server/toolcalls/a.ts", 'import { spawn } from "node:child_process";', /start no process/],
  ["server/store/a.ts", 'import { b } from "/home/me/b.ts";', /some machine's own/],
  ["server/store/a.ts", 'import { b } from "../../other/b.ts";', /in no room/],
];

for (const [file, source, complaint] of wrong) {
  test(`a wrong import is refused: ${file}, ${source}`, () => {
    const found = violations(file, source);
    assert.equal(found.length, 1);
    assert.match(found[0] as string, complaint);
    assert.ok(found[0]?.startsWith(`${file}:1: `));
  });
}

test("right imports pass", () => {
  const right: [file: string, source: string][] = [
    ["server/training/engine/onnx/runtime/session.ts", 'import * as ort from "onnxruntime-node";'],
    ["server/training/run.ts", 'import { a } from "../store/writer.ts"; import { b } from "./experiment.ts";'],
    ["server/cli.ts", 'import { fork } from "node:child_process"; import { run } from "./training/run.ts";'],
    ["extension/main.ts", 'import * as vscode from "vscode"; import type { A } from "../server/store/reader.ts";'],
    ["webview/main.ts", 'import type { A } from "../schemas/messages.ts";'],
    ["webview/compare/a.ts", 'import { a } from "../curves/a.ts"; import { b } from "../list/b.ts";'],
    ["scripts/build.ts", 'import { a } from "../server/training/run.ts";'],
  ];
  for (const [file, source] of right) assert.deepEqual(violations(file, source), []);
});
