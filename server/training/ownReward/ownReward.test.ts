import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { RewardInput } from "../../../schemas/rewardFunction.ts";
import { REWARD_DEFAULTS } from "../../../schemas/rewards.ts";
import { RunReader } from "../../store/reader.ts";
import type { RewardResult } from "../../toolcalls/rewards/reward.ts";
import { faultOf, folderWith } from "../../toolcalls/testing/files.ts";
import { resolveExperiment } from "../experiment.ts";
import { train } from "../run.ts";
import { assertSameRun } from "../testing/compareRuns.ts";
import { fakeExperiment, memoryRun, ServedRun, temporaryFolder, until } from "../testing/harness.ts";
import { writeWorkspace } from "../testing/workspace.ts";
import { REWARD_INCIDENT, type RewardIncidents } from "./incidents.ts";
import { OwnReward } from "./ownReward.ts";

class Remembered implements RewardIncidents {
  readonly told: string[] = [];
  readonly remembered: { step: number; key: string; why: string }[] = [];
  readonly #before: ReadonlyMap<string, string>;

  constructor(before: ReadonlyMap<string, string> = new Map()) {
    this.#before = before;
  }
  known(key: string): string | undefined {
    return this.#before.get(key);
  }
  remember(step: number, key: string, why: string): void {
    this.remembered.push({ step, key, why });
  }
  tell(sentence: string): void {
    this.told.push(sentence);
  }
}

async function rewardOf(
  t: TestContext,
  code: string,
  { name = "my-reward.ts", incidents = new Remembered(), settings = REWARD_DEFAULTS.own, files = {} } = {},
): Promise<OwnReward> {
  const folder = folderWith(t, { [name]: code, ...files });
  const reward = await OwnReward.load(join(folder, name), settings, incidents);
  t.after(() => reward.dispose());
  return reward;
}

const input = (id = "row 7", completion = "text"): RewardInput => ({
  completion,
  calls: [{ name: "find", arguments: { city: "Bern" } }],
  formatOk: true,
  correct: false,
  sample: { id, query: "q", tools: [], answer: [] },
  step: 3,
});
const at = { seed: 1, step: 3, rollout: 0 };
const ask = (reward: OwnReward, id?: string, completion?: string): Promise<RewardResult> =>
  reward.score(input(id, completion), at);

test("TypeScript, with a helper of its own and a type that is nowhere", async (t) => {
  const reward = await rewardOf(
    t,
    `import type { RewardFunction } from "./nowhere.d.ts";
     import { half } from "./half.ts";
     const reward: RewardFunction = ({ completion, calls, sample, step }) => ({
       reward: half(completion.length),
       parts: { calls: calls.length, step },
       reason: "of " + sample.id,
     });
     export default reward;`,
    { files: { "half.ts": "export const half = (x: number): number => x / 2;" } },
  );
  assert.deepEqual(await ask(reward), { reward: 2, parts: { calls: 1, step: 3 }, reason: "of row 7" });
});

test("JavaScript, an answer that comes later, and CommonJS", async (t) => {
  const later = await rewardOf(t, "export default async ({ step }) => { await null; return step; };", {
    name: "a.mjs",
  });
  assert.equal((await ask(later)).reward, 3);
  const common = await rewardOf(t, "module.exports = () => 0.5;", { name: "a.js" });
  assert.equal((await ask(common)).reward, 0.5);
});

const examples = join(import.meta.dirname, "../../../examples/rewards");

test("the example, and the types beside it", async (t) => {
  const reward = await OwnReward.load(join(examples, "brevity.reward.ts"), REWARD_DEFAULTS.own, new Remembered());
  t.after(() => reward.dispose());
  const right = await reward.score({ ...input(), correct: true }, at);
  assert.deepEqual(right.parts, { result: 1, brevity: 0.996 });
  assert.equal((await ask(reward)).reward, 0);
  const types = (folder: string): string => readFileSync(join(folder, "rewardFunction.ts"), "utf8");
  assert.equal(types(examples), types(join(import.meta.dirname, "../../../schemas")));
});

test("what it throws names the sample and the line, and the next call is answered", async (t) => {
  const incidents = new Remembered();
  const code =
    "export default ({ sample }) => {\n  if (sample.id === 'bad') throw new Error('no such tool');\n  return 1;\n};\n";
  const reward = await rewardOf(t, code, { incidents });
  const found = await ask(reward, "bad");
  assert.deepEqual(found, {
    reward: 0,
    parts: { failed: 1 },
    reason: "the reward failed: it threw no such tool",
    failed: true,
  });
  assert.deepEqual(incidents.told, ['The reward failed for sample "bad" at my-reward.ts:2: it threw no such tool']);
  assert.deepEqual(incidents.remembered, [], "what it throws is a function of what it is asked");
  assert.equal((await ask(reward, "good")).reward, 1);
});

for (const [value, shown] of [
  ["NaN", "NaN"],
  ["Infinity", "Infinity"],
  ["'1'", '"1"'],
  ["undefined", "undefined"],
  ["{ reward: NaN }", '{"reward":null}'],
  ["{ reward: 1, parts: { a: NaN } }", '{"reward":1,"parts":{"a":null}}'],
  ["[1]", "[1]"],
] as const) {
  test(`${value} is no reward`, async (t) => {
    const found = await ask(await rewardOf(t, `export default () => (${value});`));
    assert.equal(found.failed, true);
    assert.equal(found.reason, `the reward failed: it returned ${shown}, which is no reward`);
  });
}

test("a call without end meets its limit, is put on record, and the next is answered", async (t) => {
  const incidents = new Remembered();
  const code = "export default ({ completion }) => { while (completion === 'loop') {} return 1; };";
  const reward = await rewardOf(t, code, { incidents, settings: { seconds: 0.3, memory: 64 } });
  const found = await ask(reward, "row 7", "loop");
  assert.match(found.reason, /took more than 0\.3 s \(settings\.rewards\.own\.seconds\)/);
  assert.deepEqual(
    incidents.remembered.map(({ step, key }) => ({ step, key })),
    [{ step: 3, key: '[1,3,"row 7",0]' }],
  );
  assert.equal((await ask(reward)).reward, 1);
});

test("what it prints goes to the log, and nothing keeps the process alive", async (t) => {
  const folder = folderWith(t, { "r.ts": "export default () => { console.log('from the reward'); return 1; };" });
  const pairs = join(folder, "pairs.jsonl");
  writeFileSync(pairs, `${JSON.stringify({ id: "a", completion: "x", gold: [] })}\n`);
  const cli = join(import.meta.dirname, "../../cli.ts");
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [cli, "score", "--reward", join(folder, "r.ts"), "--input", pairs],
    { encoding: "utf8", timeout: 60_000 },
  );
  assert.equal(stdout, '{"id":"a","score":{"total":1}}\n');
  assert.deepEqual(stderr.trim().split("\n").sort(), ["1 pair scored", "from the reward"]);
  assert.equal(status, 0);
});

test("an incident on record is met again without a call", async (t) => {
  const incidents = new Remembered(new Map([['[1,3,"row 7",0]', "one completion took more than 5 s"]]));
  const reward = await rewardOf(t, "export default () => 1;", { incidents });
  assert.equal((await ask(reward)).reason, "the reward failed: one completion took more than 5 s");
  assert.equal((await reward.score(input(), { ...at, rollout: 1 })).reward, 1);
});

test("memory has its limit, and so has the power over the process", async (t) => {
  const hungry = await rewardOf(
    t,
    "export default () => { const all = []; for (;;) all.push(new Array(10000).fill(1.5)); };",
    {
      settings: { seconds: 60, memory: 32 },
    },
  );
  assert.match((await ask(hungry)).reason, /more than 32 MiB/);
  const buffering = await rewardOf(
    t,
    "export default () => { const all = []; for (;;) all.push(new Uint8Array(8 * 2 ** 20).fill(1)); };",
    { settings: { seconds: 60, memory: 32 } },
  );
  assert.match((await ask(buffering)).reason, /more than 32 MiB/, "outside of the heap too");
  const leaving = await rewardOf(t, "export default () => process.exit(3);");
  assert.match((await ask(leaving)).reason, /ended its thread \(exit code 3\)/);
});

test("what cannot be loaded is told with its file", async (t) => {
  const refused = async (code: string, name = "r.ts"): Promise<string> => {
    const folder = folderWith(t, { [name]: code });
    const failure = await OwnReward.load(join(folder, name), REWARD_DEFAULTS.own, new Remembered()).then(
      () => assert.fail("it was loaded"),
      (error: unknown) => error,
    );
    return faultOf(folder, () => {
      throw failure;
    });
  };
  assert.match(
    await refused("export const reward = 1;"),
    /^r\.ts: This reward cannot be used: it has no function as its default export/,
  );
  assert.match(await refused("export default ("), /^r\.ts: This reward cannot be used: it cannot be loaded: /);
  assert.match(await refused("import './nowhere.ts';"), /it cannot be loaded: .*nowhere/);
  assert.match(await refused("process.exit(0);"), /ended its thread/);
});

test("an experiment names a reward of its own project and no other", (t) => {
  const elsewhere = folderWith(t, { "reward.ts": "export default () => 1;" });
  const dir = temporaryFolder(t);
  const folder = join(dir, "project", "experiments");
  mkdirSync(join(dir, "project", ".vscode"), { recursive: true });
  mkdirSync(join(dir, "project", "rewards"));
  mkdirSync(folder);
  writeFileSync(join(dir, "project", "rewards", "r.ts"), "export default () => 1;");
  writeFileSync(join(dir, "outside.ts"), "export default () => 1;");
  symlinkSync(join(elsewhere, "reward.ts"), join(folder, "link.ts"));
  const file = (reward: string): string => writeWorkspace(folder, { settings: { reward } });
  assert.equal(resolveExperiment(file("../rewards/r.ts"), {}).rewardFile, join(dir, "project", "rewards", "r.ts"));
  for (const reward of ["../../outside.ts", "./link.ts"])
    assert.match(
      faultOf(dir, () => resolveExperiment(file(reward), {})),
      /A reward must lie in the experiment's own project/,
    );
  assert.match(
    faultOf(dir, () => resolveExperiment(file("./none.ts"), {})),
    /There is no file/,
  );
  assert.match(
    faultOf(dir, () => resolveExperiment(file("toolexpandr"), {})),
    /\(settings\.reward\): This must be one of toolexpander, .*, or a file of your own as \.\/my-reward\.ts, but it is the text "toolexpandr"\.$/,
  );
});

const length = {
  files: { "r.ts": "export default ({ correct, completion }) => (correct ? 1 : completion.length / 1e3);" },
  settings: { reward: "./r.ts" },
};

test("a run learns what its own reward pays for", async (t) => {
  const run = await memoryRun(t, length);
  await train(run);
  for (const { groups } of run.recorder.steps)
    for (const { rollouts } of groups)
      for (const { text, correct, reward } of rollouts) assert.equal(reward, correct ? 1 : text.length / 1e3);
});

test("a completion whose reward failed takes no part in its group", async (t) => {
  const files = { "r.ts": "let n = 0;\nexport default ({ correct }) => (n++ % 3 === 0 ? NaN : correct ? 1 : 0);" };
  const run = await memoryRun(t, { files, settings: { reward: "./r.ts" } });
  await train(run);
  let failures = 0;
  for (const { groups, metrics } of run.recorder.steps) {
    const all = groups.flatMap(({ rollouts }) => rollouts);
    const judged = all.filter(({ failed }) => !failed);
    failures += all.length - judged.length;
    assert.ok(
      Math.abs((metrics.rewardMean ?? 0) - judged.reduce((sum, { reward }) => sum + reward, 0) / judged.length) < 1e-12,
    );
    for (const { rollouts } of groups) {
      for (const { failed, advantage } of rollouts) if (failed) assert.equal(advantage, 0);
      assert.ok(Math.abs(rollouts.reduce((sum, { advantage }) => sum + advantage, 0)) < 1e-9);
    }
  }
  assert.ok(failures > 10);
});

test("a run that is killed meets the time-outs on record again and ends as it would have", async (t) => {
  // Whether a call is slow hangs on a file, as it does on a machine's load.
  const dir = temporaryFolder(t);
  const flag = join(dir, "slow");
  writeFileSync(flag, "");
  const code = `import { existsSync } from "node:fs";
    export default ({ correct, step, sample, completion }) => {
      while (step === 2 && sample.id === "q0-0" && existsSync(${JSON.stringify(flag)}));
      return correct ? 1 : 0;
    };`;
  const settings = {
    reward: "./r.mjs",
    steps: 4,
    sampling: { promptsPerStep: 16, groupSize: 2 },
    optimizer: { promptsPerMiniBatch: 8 },
    rewards: { own: { seconds: 0.2 } },
    checkpoints: { every: 1, keep: 1 },
  };
  const experiment = fakeExperiment(t, { files: { "r.mjs": code }, settings });
  const undisturbed = new ServedRun(t, experiment);
  assert.equal((await undisturbed.finish()).state, "finished");
  const run = new ServedRun(t, experiment);
  const client = await run.start();
  assert.ok(client);
  await client.attach();
  const incidents = (folder: string): unknown[] => {
    using reader = new RunReader(folder);
    return reader.events({ kind: REWARD_INCIDENT, limit: 100 }).map(({ step, data }) => ({ step, data }));
  };
  await until("the time-outs of step 2", () => incidents(run.folder).length === 2);
  await run.kill();
  client.close();
  rmSync(flag);
  assert.equal((await run.finish()).state, "finished");
  assert.deepEqual(incidents(run.folder), incidents(undisturbed.folder));
  assertSameRun(run.folder, undisturbed.folder);
});
