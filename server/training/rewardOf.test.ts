import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { RewardName } from "../../schemas/rewards.ts";
import type { Sample } from "../../schemas/samples.ts";
import { ForgottenIncidents } from "./ownReward/incidents.ts";
import { train } from "./run.ts";
import { memoryRun } from "./testing/harness.ts";

const sample = (id: string, answer: Sample["answer"]): Sample => ({ id, query: "Ask q1", tools: ["tool1"], answer });
const plain = (id: string): Sample => sample(id, [{ name: "tool1", arguments: {} }]);
const tagged = (id: string): Sample => sample(id, [{ name: "tool1", arguments: { text: "a </tool_call> b" } }]);

/** What is told of a data set before a run, and the run. */
async function told(t: TestContext, reward: RewardName, samples: Sample[]) {
  const sentences: string[] = [];
  const files = { "t.jsonl": samples.map((one) => `${JSON.stringify(one)}\n`).join("") };
  const changes = { files, experiment: { train: "t.jsonl" }, settings: { reward, steps: 1 } };
  const run = await memoryRun(t, changes, undefined, new ForgottenIncidents((sentence) => sentences.push(sentence)));
  return { sentences, run };
}

const eight = ["a", "b", "c", "d", "e", "f", "g"].map(plain);

test("gold answers that no completion can satisfy are told before the run, with their reason", async (t) => {
  const { sentences } = await told(t, "toolrl", [...eight, tagged("odd")]);
  assert.equal(sentences.length, 1);
  assert.match(
    sentences[0] ?? "",
    /^1 of the 8 rows of t\.jsonl have a gold answer that no completion can satisfy with the reward toolrl: "odd" \(the reward failed: .*\)\. Correct or remove them/,
  );
  const many = await told(t, "tool-n1", ["1", "2", "3", "4", "5", "6", "7", "8"].map(tagged));
  assert.match(many.sentences[0] ?? "", /^8 of the 8 rows .* and 3 more\. /);
});

test("a data set without such rows says nothing, nor does one whose reward reads tags in arguments", async (t) => {
  assert.deepEqual((await told(t, "toolrl", [...eight, plain("h")])).sentences, []);
  assert.deepEqual((await told(t, "toolexpander", [...eight, tagged("odd")])).sentences, []);
});

test("a row whose reward fails is on record as that, and the run goes on", async (t) => {
  const { run } = await told(t, "toolrl", [...eight, tagged("odd")]);
  await train(run);
  const [step] = run.recorder.steps;
  const odd = step?.groups.find(({ row }) => row.sample.id === "odd");
  assert.ok(odd !== undefined);
  for (const { failed, advantage, reason } of odd.rollouts) {
    assert.equal(failed, true);
    assert.equal(advantage, 0);
    assert.match(reason, /^the reward failed: the gold answer: JSONDecodeError/);
  }
  assert.ok(Number.isFinite(step?.metrics.rewardMean));
});
