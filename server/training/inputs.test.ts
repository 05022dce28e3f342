import assert from "node:assert/strict";
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { checkInputs, inputsOf } from "./inputs.ts";
import { fakeExperiment } from "./testing/harness.ts";

test("a run's inputs are checked against its record, the experiment file excepted", async (t) => {
  const experiment = fakeExperiment(t);
  const record = { experiment, inputs: inputsOf(experiment) };
  assert.equal(record.inputs.length, 4 + 3);
  await checkInputs(record);
  appendFileSync(experiment.file, "\n");
  await checkInputs(record);
  const config = join(experiment.model, "config.json");
  const text = readFileSync(config, "utf8");
  writeFileSync(config, text.replace("269", "270"));
  await assert.rejects(checkInputs(record), { name: "InputError", message: /has changed/, place: { file: config } });
  writeFileSync(config, text);
  rmSync(experiment.train);
  await assert.rejects(checkInputs(record), {
    name: "InputError",
    message: /is gone/,
    place: { file: experiment.train },
  });
});
