import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { loadDataset, loadHeldOut } from "./dataset.ts";
import { fakeExperiment } from "./testing/harness.ts";

test("a tokenizer of another model is refused before a run begins", async (t) => {
  const experiment = fakeExperiment(t);
  assert.ok((await loadDataset(experiment)).train.length > 0);
  const file = join(experiment.model, "tokenizer.json");
  const definition = JSON.parse(readFileSync(file, "utf8")) as { model: { vocab: Record<string, number> } };
  definition.model.vocab["a word of another model"] = 5000;
  writeFileSync(file, JSON.stringify(definition));
  const refusal = { name: "InputError", message: /ids up to 5000, but .* vocab_size is 269/, place: { file } };
  await assert.rejects(loadDataset(experiment), refusal);
  await assert.rejects(loadHeldOut(experiment), refusal);
});
