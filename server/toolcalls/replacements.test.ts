import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import fc from "fast-check";
import { describe } from "../../schemas/problem.ts";
import type { Sample } from "../../schemas/samples.ts";
import type { ToolMap } from "./catalog.ts";
import { parseExactJson } from "./json.ts";
import { checkReplacement, type ReplacementContext, readReplacement } from "./replacements.ts";
import { rowHash } from "./rowHash.ts";
import { folderWith } from "./testing/files.ts";

const integer = { type: "integer", minimum: 1 };
const tools: ToolMap = new Map(
  [
    { name: "set_timer", parameters: { type: "object", properties: { minutes: integer }, required: ["minutes"] } },
    { name: "get_time", parameters: { type: "object", properties: {} } },
    { name: "read_account", parameters: { type: "object", properties: { id: { type: "integer" } } } },
  ].map((tool) => [tool.name, { type: "function", function: tool }]),
);

const timer = (minutes: unknown) => ({ name: "set_timer", arguments: { minutes } });
const sample: Sample = { id: "train-1", query: "Tea!", tools: ["set_timer", "get_time"], answer: [timer(4)] };
const nothing: Sample = { id: "none-1", query: "Sing.", tools: ["get_time"], answer: [] };
const context: ReplacementContext = { samples: new Map([sample, nothing].map((row) => [row.id, row])), tools };

const head = { sample: "train-1", row: rowHash(sample), scope: "whileHard" };
const demonstration = { query: "Eggs!", thought: "Eggs take five minutes.", calls: [timer(5)] };
const fewshot = { ...head, action: "fewshot", demonstrations: [demonstration] };
const fixGold = { ...head, action: "fixGold", scope: "always", gold: [timer(3)] };

function problems(value: unknown): { kind: string; path: string; sentence: string }[] {
  const checked = checkReplacement(value, context);
  if ("replacement" in checked) return [];
  return checked.problems.map(({ kind, path, sentence }) => ({ kind, path: path.join("."), sentence }));
}
const kinds = (value: unknown): string[] => problems(value).map(({ kind, path }) => `${kind} ${path}`);

test("each action in its shortest and its longest form", () => {
  const history = [
    { at: "2026-01-31T12:00:00Z", by: "Ada", why: "Too easy to miss.", run: "20260131-a", step: 40 },
    { at: "2026-02-01T09:30:00.5+01:00", by: "Ada" },
  ];
  const more = { $schema: "./s.json", original: sample, note: "Tea.", history };
  for (const shortest of [fewshot, fixGold, { ...head, action: "exclude" }]) {
    for (const value of [shortest, { ...shortest, ...more }]) {
      assert.deepEqual(checkReplacement(value, context), { replacement: value });
    }
  }
});

test("demonstrations keep their order", () => {
  const demonstrations = [5, 6, 7].map((minutes) => ({ query: `${minutes}?`, calls: [timer(minutes)] }));
  const checked = checkReplacement({ ...fewshot, demonstrations }, context);
  assert.ok("replacement" in checked && checked.replacement.action === "fewshot");
  assert.deepEqual(checked.replacement.demonstrations, demonstrations);
});

test("a row that is not there, or no longer the same", () => {
  assert.deepEqual(problems({ ...fewshot, sample: "train-2" }), [
    { kind: "unknown-sample", path: "sample", sentence: 'No sample has the id "train-2"; did you mean "train-1"?' },
  ]);
  const before: Sample = { ...sample, query: "Coffee!", category: "single" };
  const sentence = (changed: string) =>
    `The sample "train-1" has changed since this edit was made${changed}. Look at the edit again, then set this to "${rowHash(sample)}".`;
  assert.deepEqual(problems({ ...fewshot, row: rowHash(before) }), [
    { kind: "row-changed", path: "row", sentence: sentence("") },
  ]);
  assert.deepEqual(problems({ ...fewshot, row: rowHash(before), original: before }), [
    { kind: "row-changed", path: "row", sentence: sentence(" (query, category)") },
  ]);
  assert.deepEqual(kinds({ ...fewshot, original: before }), ["row-mismatch row"]);
});

test("few-shots that show what is wrong, show the answer, or show nothing", () => {
  const shown = (...calls: object[]) => ({ ...fewshot, demonstrations: [demonstration, { query: "Eggs?", calls }] });
  assert.deepEqual(kinds({ ...fewshot, demonstrations: [] }), ["no-demonstrations demonstrations"]);
  assert.deepEqual(problems(shown({ name: "set_timr", arguments: {} })), [
    {
      kind: "unknown-tool",
      path: "demonstrations.1.calls.0.name",
      sentence: 'No catalog defines the tool "set_timr"; did you mean "set_timer"?',
    },
  ]);
  assert.deepEqual(kinds(shown(timer("5"), timer(0), { name: "set_timer", arguments: { minute: 1 } })), [
    "argument demonstrations.1.calls.0.arguments.minutes",
    "argument demonstrations.1.calls.1.arguments.minutes",
    "argument demonstrations.1.calls.2.arguments.minute",
    "argument demonstrations.1.calls.2.arguments",
  ]);
  assert.deepEqual(kinds(shown(timer(4))), ["leak demonstrations.1"]);
  assert.deepEqual(kinds(shown(timer(4), timer(4))), []);
  assert.deepEqual(kinds(shown({ name: "read_account", arguments: { id: 1 } })), [], "as other rows may call it");
});

test("that no tool fits is shown by any question but the sample's own", () => {
  const none = { ...fewshot, sample: nothing.id, row: rowHash(nothing) };
  assert.deepEqual(kinds({ ...none, demonstrations: [{ query: "Dance.", calls: [] }] }), []);
  assert.deepEqual(kinds({ ...none, demonstrations: [{ query: "Sing.", calls: [] }] }), ["leak demonstrations.0"]);
});

test("gold that no completion can satisfy", () => {
  assert.deepEqual(kinds({ ...fixGold, gold: [] }), []);
  assert.deepEqual(kinds({ ...fixGold, gold: [{ name: "sing", arguments: {} }] }), ["unknown-tool gold.0.name"]);
  assert.deepEqual(problems({ ...fixGold, gold: [timer(3), { name: "read_account", arguments: {} }] }), [
    {
      kind: "not-offered",
      path: "gold.1.name",
      sentence: 'The sample does not offer the tool "read_account", so no completion can satisfy this gold.',
    },
  ]);
  assert.deepEqual(kinds({ ...fixGold, gold: [timer(3.5)] }), ["argument gold.0.arguments.minutes"]);
});

test("faults of form are those of the action that is meant", () => {
  assert.deepEqual(problems({ ...fewshot, action: "few-shot" }), [
    {
      kind: "schema",
      path: "action",
      sentence: 'This must be one of "fewshot", "exclude", "fixGold", but it is the text "few-shot".',
    },
  ]);
  assert.deepEqual(problems({ ...fixGold, scope: "whileHard" }), [
    { kind: "schema", path: "scope", sentence: 'This must be "always", but it is the text "whileHard".' },
  ]);
  assert.deepEqual(kinds({ ...fewshot, demonstration: [] }), ["schema demonstration"]);
  assert.deepEqual(kinds({ ...fewshot, gold: [] }), ["schema gold"]);
  assert.deepEqual(kinds({ ...fewshot, row: "abc", history: [{ at: "yesterday", by: "" }] }), [
    "schema row",
    "schema history.0.at",
    "schema history.0.by",
  ]);
  for (const value of [null, [], "fewshot", 1]) assert.deepEqual(kinds(value), ["schema "]);
});

test("no JSON makes the check throw, and none passes without a sample of its own", () => {
  const key = fc.constantFrom(...Object.keys({ ...fewshot, ...fixGold }), "__proto__", "constructor");
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(...Object.values(fewshot)));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), (changes) => {
      const checked = checkReplacement(Object.fromEntries([...Object.entries(fewshot), ...changes]), context);
      if ("problems" in checked) assert.ok(checked.problems.length > 0);
      else assert.equal(checked.replacement.sample, sample.id);
    }),
    { seed: 6, numRuns: 1_000 },
  );
});

test("a file's problems have their places, and numbers keep their digits", (t) => {
  const big = '{"name":"read_account","arguments":{"id":9007199254740993}}';
  const text = JSON.stringify(fewshot).replace(JSON.stringify(demonstration.calls), `[${big}]`);
  const folder = folderWith(t, {
    "a.replacement.json": text,
    "b.replacement.json": JSON.stringify({ ...fewshot, sample: "x", demonstrations: [] }, null, 1),
    "c.replacement.json": text.slice(0, -3),
  });
  const read = (name: string, content?: string) => {
    const answer = readReplacement(join(folder, name), context, content);
    return "problems" in answer ? answer.problems.map((one) => describe(one).replace(`${folder}/`, "")) : answer;
  };
  assert.deepEqual(read("a.replacement.json"), { replacement: parseExactJson(text) });
  assert.match(JSON.stringify(read("a.replacement.json")), /"id":9007199254740993/);
  assert.deepEqual(read("b.replacement.json"), [
    'b.replacement.json:2:2 (sample): No sample has the id "x".',
    'b.replacement.json:6:2 (demonstrations): Without a demonstration this is the raw row; add one, or set the action to "exclude".',
  ]);
  assert.deepEqual(read("c.replacement.json"), [
    `c.replacement.json:1:${text.length - 2}: The closing } of an object is missing.`,
  ]);
  assert.deepEqual(read("c.replacement.json", text), { replacement: parseExactJson(text) });
  assert.deepEqual(read("d.replacement.json"), ["d.replacement.json: There is no such file."]);
});
