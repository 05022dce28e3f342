import assert from "node:assert/strict";
import { matchesGlob } from "node:path";
import test from "node:test";
import { addedPatterns, ourPatterns } from "./ourFiles.ts";

test("the names of our files are known, and others are left alone", () => {
  const isOurs = (path: string): boolean => ourPatterns.some((pattern) => matchesGlob(path, pattern));
  const ours = [
    "a/home.tools.json",
    "a/b.demos.jsonl",
    "b.demos.json",
    "x/y.samples.jsonl",
    "y.samples.json",
    "x/y.questions.jsonl",
  ];
  ours.push("experiment.json", "a/big.experiment.json", "a/replacements/t.replacement.json", "d/BFCL_v3_simple.json");
  assert.deepEqual(
    ours.filter((path) => !isOurs(path)),
    [],
  );
  const others = ["package.json", "tools.json", "a/samples.jsonl", "experiments.json", "t.replacement.json"];
  assert.deepEqual(others.filter(isOurs), []);
});

test("a glob of the setting holds in every folder, and what is no glob is left out", () => {
  assert.deepEqual(
    addedPatterns(["data/*.json", "**/x.json", " ./y/*.jsonl ", "", 3, null, "/a/b.json", "data/*.json"]),
    ["**/data/*.json", "**/x.json", "**/y/*.jsonl", "/a/b.json"],
  );
  for (const wrong of [undefined, null, "data", { 0: "x" }]) assert.deepEqual(addedPatterns(wrong), []);
  assert.equal(addedPatterns(Array.from({ length: 1000 }, (_, index) => `${index}.json`)).length, 100);
});
