import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import type { TryEvent } from "../../../schemas/tries.ts";
import { RunReader } from "../../../server/store/reader.ts";
import { listRuns } from "../../../server/store/runFolder.ts";
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

const shown = [{ query: "Show q1", calls: [{ name: "tool1", arguments: { v: 1 } }] }];

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

test("an edit that was accepted is told of when a step has drawn it, once", async (t) => {
  await withLiveRun(t, slow, async (experiment) => {
    const [row] = (await loadDataset(experiment)).train;
    assert.ok(row);
    const used: { file: string; step: number; rollouts: number }[] = [];
    const service = new ReplacementService({
      tried: () => assert.fail(),
      used: (file, { step, rollouts }) => used.push({ file, step, rollouts }),
    });
    const file = join(experiment.replacements, replacementFileName(row.sample.id));
    mkdirSync(experiment.replacements, { recursive: true });
    const text = JSON.stringify(fewShotEdit(row.sample, shown));
    writeFileSync(file, text);
    const { sentence } = await service.offer(file, text);
    const from = Number(/from step (\d+) on/.exec(sentence)?.[1]);
    await until("a draw of the edit", () => used.length > 0);
    const [first] = used;
    assert.deepEqual([first?.file, first?.rollouts], [file, 6]);
    assert.ok((first?.step ?? 0) >= from);
    // The rows are drawn once in two steps.
    using reader = new RunReader(listRuns(experiment.runs)[0]?.dir ?? "");
    await until("another draw", () => reader.draws(row.sample.id).filter(({ edit }) => edit !== null).length > 1);
    assert.equal(used.length, 1);
  });
});

test("a live run is tried on, a try is cancelled, and without a run there is a way out", async (t) => {
  let file = "";
  let text = "";
  const events: TryEvent[] = [];
  const service = new ReplacementService({ tried: (event) => events.push(event), used: () => {} });
  const end = (id: string) =>
    until(`the end of ${id}`, () => events.find((event) => event.id === id && event.kind === "ended"));
  await withLiveRun(t, slow, async (experiment, client) => {
    const [row] = (await loadDataset(experiment)).train;
    assert.ok(row);
    file = join(experiment.replacements, replacementFileName(row.sample.id));
    text = JSON.stringify(fewShotEdit(row.sample, shown));
    assert.deepEqual(await service.try({ id: "a", file, text, rollouts: 3 }), { refused: null, remedy: null });
    await end("a");
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["begun", ...new Array(6).fill("rollout"), "ended"],
    );
    assert.match((await service.try({ id: "b", file, text: "{", rollouts: 3 })).refused ?? "", /1:/);
    await client.pause();
    await until("the pause", async () => (await client.status()).state === "paused");
    await service.try({ id: "c", file, text, rollouts: 64 });
    await until("a rollout", () => events.some((event) => event.id === "c" && event.kind === "rollout"));
    await service.cancelTry("c");
    const ended = await end("c");
    assert.equal(ended.kind === "ended" && ended.how, "cancelled");
    assert.equal((await client.status()).state, "paused");
  });
  const over = await service.try({ id: "d", file, text, rollouts: 3 });
  assert.deepEqual([/is not live.*Resume it/.test(over.refused ?? ""), over.remedy], [true, "resume"]);
  const never = await service.try({ id: "e", file: "/nowhere/replacements/a.replacement.json", text, rollouts: 3 });
  assert.equal(never.remedy, "startTraining");
});

test("a baseline takes no edits, and says why", async (t) => {
  await withLiveRun(t, { model: { delay_ms: 20 }, settings: { steps: 2000 } }, async ({ replacements }) => {
    const verdict = await new ReplacementService().offer(join(replacements, "a.replacement.json"), "{}");
    assert.equal(verdict.state, "refused");
    assert.match(verdict.sentence, /takes no edits/);
  });
});
