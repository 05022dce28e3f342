import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { replacementFileName } from "../../../server/toolcalls/replacementName.ts";
import type { RunClient } from "../../../server/training/client/connect.ts";
import { loadDataset } from "../../../server/training/dataset.ts";
import { fewShotEdit } from "../../../server/training/testing/edits.ts";
import { fakeExperiment, ServedRun, until } from "../../../server/training/testing/harness.ts";
import type { WorkspaceChanges } from "../../../server/training/testing/workspace.ts";
import { ReplacementService } from "./replacementService.ts";

/** A live run that takes edits, slow enough to be met. */
const slow = {
  world: "hinted",
  model: { delay_ms: 20 },
  settings: {
    steps: 2000,
    lengths: { prompt: 64 },
    curriculum: { mode: "replace", replacements: true, fewShots: "random" },
  },
} as const;

/** Once the run has read its rows; it is stopped whatever comes of the test, since its folder goes away with it. */
async function withLiveRun(
  t: TestContext,
  changes: WorkspaceChanges,
  body: (experiment: ResolvedExperiment, client: RunClient) => Promise<void>,
): Promise<void> {
  const experiment = fakeExperiment(t, changes);
  const run = new ServedRun(t, experiment);
  const client = await run.start();
  assert.ok(client);
  try {
    await until("the run to have read its rows", async () => (await client.status()).activity !== "starting");
    await body(experiment, client);
  } finally {
    await client.stop();
    await run.left();
  }
}

test("a live run says whether it takes a saved edit, and says it again of a text it knows", async (t) => {
  let file = "";
  let sound = "";
  await withLiveRun(t, slow, async (experiment, client) => {
    const [row] = (await loadDataset(experiment)).train;
    assert.ok(row);
    const service = new ReplacementService();
    file = join(experiment.replacements, replacementFileName(row.sample.id));
    mkdirSync(experiment.replacements, { recursive: true });
    const save = async (text: string) => {
      writeFileSync(file, text);
      return service.offer(file, text);
    };
    const shown = [{ query: "Show q1", calls: [{ name: "tool1", arguments: { v: 1 } }] }];
    sound = JSON.stringify(fewShotEdit(row.sample, shown));
    const accepted = await save(sound);
    assert.equal(accepted.state, "accepted");
    assert.match(accepted.sentence, /^The run uses this edit from step \d+ on\.$/);
    assert.equal(service.read({ file, text: sound, version: 1 }).run?.live, true);
    const refused = await save("{");
    assert.equal(refused.state, "refused");
    // Once a step has been taken, the refusal is on record, and the server has nothing new to tell.
    const { step } = await client.status();
    await until("two more steps", async () => (await client.status()).step > step + 2);
    assert.deepEqual(await save("{"), refused);
  });
  assert.equal((await new ReplacementService().offer(file, sound)).state, "no-run");
});

test("a baseline takes no edits, and says why", async (t) => {
  await withLiveRun(t, { model: { delay_ms: 20 }, settings: { steps: 2000 } }, async ({ replacements }) => {
    const verdict = await new ReplacementService().offer(join(replacements, "a.replacement.json"), "{}");
    assert.equal(verdict.state, "refused");
    assert.match(verdict.sentence, /takes no edits/);
  });
});
