import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { applyEdits } from "jsonc-parser";
import { modelEdits, modelPath } from "./modelEdit.ts";

const written = (text: string, model: string): string => applyEdits(text, modelEdits(text, model));

test("the model of an experiment is replaced, and nothing else is touched", () => {
  const text = '{\n    "name":  "a",\r\n    "model": "policy",\n    "seed": 1.0\n}\n';
  assert.equal(written(text, "org/one"), text.replace('"policy"', '"org/one"'));
  assert.equal(written(text, 'C:\\models\\"x"'), text.replace('"policy"', String.raw`"C:\\models\\\"x\""`));
  assert.equal(written('{"model": 7}', "m"), '{"model": "m"}');
});

test("an experiment without a model gets one, indented as the rest is", () => {
  assert.deepEqual(JSON.parse(written('{\n\t"name": "a"\n}', "m")), { name: "a", model: "m" });
  assert.match(written('{\n\t"name": "a"\n}', "m"), /\n\t"model": "m"\n/);
  assert.deepEqual(JSON.parse(written("{}", "m")), { model: "m" });
});

test("what is no object is left alone", () => {
  for (const text of ["", "[]", "7", "nothing"]) assert.deepEqual(modelEdits(text, "m"), []);
});

test("a folder of the same project is named relative to the experiment", () => {
  const at = (...names: string[]): string => path.resolve("/work", ...names);
  const experiment = at("project", "runs", "experiment.json");
  assert.equal(modelPath(at("project", "models", "one"), experiment, at("project")), "../models/one");
  assert.equal(modelPath(at("project", "runs", "policy"), experiment, at("project")), "./policy");
  assert.equal(modelPath(at("elsewhere"), experiment, at("project")), at("elsewhere"));
  assert.equal(modelPath(at("project-two"), experiment, at("project")), at("project-two"));
  assert.equal(modelPath(at("project", "one"), experiment, undefined), at("project", "one"));
});
