import assert from "node:assert/strict";
import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { ExperimentFile } from "../../schemas/experiment.ts";
import { loadCatalog } from "../../server/toolcalls/catalog.ts";
import { check } from "../../server/toolcalls/check.ts";
import { readJson } from "../../server/toolcalls/documents.ts";
import { loadDemonstrations, loadSamples } from "../../server/toolcalls/samples.ts";
import { checkGenerated, copyOf } from "./checkGenerated.ts";

const workspace = fileURLToPath(new URL("../../examples/quickstart", import.meta.url));

test("the committed files are the ones the generator writes: --check names those that differ or are missing, and no other", (t) => {
  const dir = copyOf(t, workspace);
  // The two whose contents policyFiles.test.ts holds: every other one is compared as it is committed.
  appendFileSync(join(dir, "policy/generation_config.json"), "\n");
  rmSync(join(dir, "policy/special_tokens_map.json"));
  writeFileSync(join(dir, "experiment.json"), "{}");
  const { status, complained } = checkGenerated(fileURLToPath(new URL("generate.ts", import.meta.url)), dir);
  assert.equal(status, 1);
  assert.deepEqual(complained, ["policy/special_tokens_map.json", "policy/generation_config.json"]);
});

test("the workspace is one that the product reads without a fault", () => {
  const inside = (path: string) => join(workspace, path);
  const experiment = check<ExperimentFile>(ExperimentFile, readJson(inside("experiment.json")));
  const tools = loadCatalog(experiment.tools.map(inside));
  assert.ok(loadSamples(inside(experiment.train), tools).length >= 600);
  assert.equal(loadSamples(inside(experiment.heldOut ?? ""), tools).length, 2000);
  assert.ok(loadDemonstrations(inside(experiment.demonstrations ?? ""), tools).length >= 60);
});
