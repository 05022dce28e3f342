/** Rules that need more than one file. */
import assert from "node:assert/strict";
import test from "node:test";
import { FactIndex } from "../analysis/facts.ts";
import { analyzed, findingsOf, surroundings } from "../testing/findings.ts";

const tools =
  '[{"type":"function","function":{"name":"get_time","description":"Time.","parameters":{"type":"object","properties":{}}}}]';
const demo = (id: string, name: string): string =>
  `{"id":"${id}","query":"${id}?","answer":[{"name":"${name}","arguments":{}}]}`;
const sample = (id: string, query: string): string => `{"id":"${id}","query":"${query}","tools":[],"answer":[]}`;

test("tool-never-demonstrated comes and goes with the demonstrations of other documents", () => {
  const facts = new FactIndex();
  const catalog = analyzed("/w/a.tools.json", tools, surroundings(facts));
  const never = (): string[] => {
    while (!catalog.advance(5));
    return findingsOf(catalog);
  };
  assert.deepEqual(never(), [], "without any demonstration no tool lacks one");
  const other = analyzed("/w/other.demos.jsonl", demo("a", "get_date"), surroundings(facts));
  assert.deepEqual(never(), ["0:39-49 tool-never-demonstrated"]);
  const fitting = analyzed("/w/fitting.demos.jsonl", demo("b", "get_time"), surroundings(facts));
  assert.deepEqual(never(), []);
  fitting.close();
  assert.deepEqual(never(), ["0:39-49 tool-never-demonstrated"]);
  other.close();
  assert.deepEqual(never(), []);
});

test("held-out-overlap: a held-out row that the same experiment trains on", () => {
  const facts = new FactIndex();
  facts.setRole("/w/train.jsonl", "train", "/w/experiment.json");
  facts.setRole("/w/held.jsonl", "held-out", "/w/experiment.json");
  facts.setRole("/w/foreign.jsonl", "train", "/w/other.experiment.json");
  const held = analyzed(
    "/w/held.jsonl",
    [sample("h1", "Hello"), sample("h2", "Good evening")].join("\n"),
    surroundings(facts),
  );
  const overlap = (): string[] => {
    while (!held.advance(5));
    return findingsOf(held).filter((line) => line.endsWith("held-out-overlap"));
  };
  assert.deepEqual(overlap(), []);
  analyzed("/w/foreign.jsonl", sample("f", "Hello"), surroundings(facts));
  assert.deepEqual(overlap(), []);
  const train = analyzed(
    "/w/train.jsonl",
    [sample("t1", "Good evening"), sample("t2", "Bye")].join("\n"),
    surroundings(facts),
  );
  assert.deepEqual(overlap(), ["1:19-33 held-out-overlap"]);
  train.apply({ range: { start: { line: 0, character: 20 }, end: { line: 0, character: 24 } }, text: "Fair" });
  while (!train.advance(5));
  assert.deepEqual(overlap(), []);
});

test("record-too-long and record-too-deep stop at the limits of the settings, and not before", () => {
  const around = { ...surroundings(), limits: { length: 60, depth: 3 } };
  const fits = '{"id":"a","query":"q","tools":[],"answer":[]}';
  const long = fits.replace('"q"', `"${"q".repeat(60 - fits.length + 2)}"`);
  const deep = '{"id":"b","x":[[[1]]]}';
  assert.deepEqual(
    findingsOf(analyzed("a.jsonl", [fits, long, deep].join("\n"), around)).filter((line) =>
      line.includes("record-too"),
    ),
    ["1:0-1 record-too-long", "2:16-17 record-too-deep"],
  );
  const limits = { length: long.length, depth: 4 };
  assert.deepEqual(
    findingsOf(analyzed("a.jsonl", [fits, long, deep].join("\n"), { ...around, limits })).filter((line) =>
      line.includes("record-too"),
    ),
    [],
  );
});
