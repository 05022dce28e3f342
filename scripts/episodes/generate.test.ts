import assert from "node:assert/strict";
import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { loadCatalog } from "../../server/toolcalls/catalog.ts";
import { Environment } from "../../server/training/episodes/environment.ts";
import { loadQuestions } from "../../server/training/episodes/questions.ts";
import { resolveExperiment } from "../../server/training/experiment.ts";
import { checkGenerated, copyOf } from "../quickstart/checkGenerated.ts";
import { sizes } from "./dataset.ts";

const workspace = fileURLToPath(new URL("../../examples/episodes", import.meta.url));

test("the committed files are the ones the generator writes, and what is tuned or trained is nobody else's", (t) => {
  const dir = copyOf(t, workspace);
  appendFileSync(join(dir, "policy/generation_config.json"), "\n");
  rmSync(join(dir, "policy/special_tokens_map.json"));
  writeFileSync(join(dir, "experiment.json"), "{}");
  const { status, complained } = checkGenerated(fileURLToPath(new URL("generate.ts", import.meta.url)), dir);
  assert.equal(status, 1);
  assert.deepEqual(complained, ["policy/special_tokens_map.json", "policy/generation_config.json"]);
});

test("the product reads the workspace without a fault, and every tool answers", async () => {
  const {
    tools: catalogs,
    train,
    heldOut,
    environment,
    settings,
  } = resolveExperiment(join(workspace, "experiment.json"), {});
  const tools = loadCatalog(catalogs);
  assert.equal(tools.size, 8);
  assert.equal(loadQuestions(train, tools).length, sizes.train);
  const questions = loadQuestions(heldOut ?? "", tools);
  assert.equal(questions.length, sizes.heldOut);
  const world = await Environment.open({ files: environment, limits: settings.spark.functions, tools });
  try {
    assert.deepEqual(world.unanswered(tools.keys()), []);
    for (const question of questions.slice(0, 100)) {
      for (const { call } of question.uses ?? []) {
        const { trouble } = await world.observe(question, { kind: "call", ...call });
        assert.equal(trouble, undefined, JSON.stringify(call));
      }
    }
  } finally {
    await world.dispose();
  }
});
