import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import test, { type TestContext } from "node:test";
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import { PRESETS } from "../../schemas/presets.ts";
import { addCachedModel } from "../prompts/testing/cachedModel.ts";
import { faultOf, folderWith } from "../toolcalls/testing/files.ts";
import { loraOf } from "./engine/lora.ts";
import { type Overrides, resolveExperiment } from "./experiment.ts";
import { inputsOf } from "./inputs.ts";

const FILES = {
  "policy/config.json": "{}",
  "a.tools.json": "[]",
  "b.tools.json": "[]",
  "train.jsonl": "",
  "held.jsonl": "",
  "demos.jsonl": "",
};
const MINIMAL = { name: "x", preset: "grpo", model: "policy", tools: ["a.tools.json"], train: "train.jsonl" };

function setUp(t: TestContext, experiment: object): { folder: string; file: string } {
  const folder = folderWith(t, { ...FILES, "x.experiment.json": JSON.stringify(experiment, null, 2) });
  return { folder, file: join(folder, "x.experiment.json") };
}

function resolved(t: TestContext, changes: object = {}, overrides: Overrides = {}): ResolvedExperiment {
  return resolveExperiment(setUp(t, { ...MINIMAL, ...changes }).file, overrides);
}

function fault(t: TestContext, changes: object, overrides: Overrides = {}): string {
  const { folder, file } = setUp(t, { ...MINIMAL, ...changes });
  return faultOf(folder, () => resolveExperiment(file, overrides));
}

test("the paper's scale of grpo is what Table 10 of the paper says", (t) => {
  const { settings } = resolved(t, { scale: "paper" });
  assert.deepEqual(settings.sampling, { groupSize: 5, promptsPerStep: 1024, temperature: 0.7, maxSequences: 256 });
  assert.equal(settings.lengths.response, 8192);
  assert.deepEqual(settings.objective, {
    clipLow: 0.2,
    clipHigh: 0.2,
    beta: 0.001,
    kl: "k3",
    klPlacement: "loss",
    entropy: 0,
    aggregation: "token-mean",
    normalizeStd: true,
    truncated: "learn",
    importanceCap: 0,
  });
  assert.equal(settings.optimizer.learningRate, 1e-6);
  assert.equal(settings.optimizer.promptsPerMiniBatch, 256);
  assert.equal(settings.probe.rollouts, 10);
});

test("the presets of hard sampling and of self-exemplifying are the paper's", (t) => {
  const paper = (preset: string) => resolved(t, { preset, scale: "paper" }).settings;
  const { settings: grpo } = resolved(t, { scale: "paper" });
  for (const [preset, mode] of [
    ["dmhs-replace", "replace"],
    ["dmhs-add", "add"],
  ] as const) {
    const { curriculum, optimizer, probe, ...rest } = paper(preset);
    assert.equal(curriculum.mode, mode);
    assert.deepEqual(
      [curriculum.epochsPerRound, curriculum.fewShots, curriculum.retire],
      [1, "verified", "untilHardAgain"],
    );
    assert.deepEqual(optimizer, { ...grpo.optimizer, decay: { factor: 0.8, every: "round", steps: 1 } });
    assert.deepEqual([probe.rollouts, probe.mode], [10, "full"]);
    const { curriculum: _c, optimizer: _o, probe: _p, ...others } = grpo;
    assert.deepEqual(rest, others, "the rest is GRPO");
  }
  const set = paper("set");
  assert.deepEqual(set.objective, { ...grpo.objective, beta: 0, clipLow: 0.2, clipHigh: 0.26 });
  assert.deepEqual([set.reward, set.prompt, set.rewards.set.bonus], ["set", "self-exemplify", 0.01]);
  assert.equal(set.optimizer.decay.factor, 0.8);
  assert.equal(set.curriculum.mode, "none");
  const both = paper("set-replace");
  assert.deepEqual({ ...both, curriculum: set.curriculum }, set);
  assert.equal(both.curriculum.mode, "replace");
});

test("baselines take no hand edits unless they are told to, and the paper's own methods do", (t) => {
  const takes = (changes: object): boolean => resolved(t, changes).settings.curriculum.replacements;
  for (const preset of ["grpo", "set", "sft", "toolrl", "tool-n1"]) assert.equal(takes({ preset }), false, preset);
  for (const preset of ["dmhs-replace", "dmhs-add", "set-replace"]) assert.equal(takes({ preset }), true, preset);
  assert.equal(takes({ settings: { curriculum: { replacements: true } } }), true);
});

test("another preset on the command line keeps the file's own settings over it", (t) => {
  const changed = resolved(t, { scale: "micro", settings: { steps: 7 } }, { preset: "dmhs-add" });
  assert.equal(changed.preset, "dmhs-add");
  assert.equal(changed.settings.steps, 7);
  assert.equal(changed.settings.curriculum.mode, "add");
  assert.match(fault(t, {}, { preset: "gpro" }), /^--preset must be one of grpo, sft, .*, but is "gpro"\.$/);
});

test("micro is the quickstart's scale", (t) => {
  const { settings, scale } = resolved(t, { scale: "micro" });
  assert.equal(scale, "micro");
  assert.deepEqual(settings.sampling, { groupSize: 8, promptsPerStep: 32, temperature: 0.7, maxSequences: 256 });
  assert.deepEqual(settings.lengths, { prompt: 384, response: 128 });
  assert.equal(settings.objective.beta, 0);
  assert.equal(settings.objective.kl, "k3");
  assert.equal(settings.steps, 120);
  assert.equal(settings.optimizer.microBatchTokens, 2048);
  assert.deepEqual(settings.checkpoints, { every: 10, keep: 2 });
  assert.deepEqual(settings.evaluation, { every: 20, rows: 200, episodes: 4, temperature: 0.7 });
});

test("preset, scale, file and command line are merged field by field, the later over the earlier", (t) => {
  const changes = { scale: "micro", settings: { steps: 7, sampling: { groupSize: 4 }, optimizer: { beta1: 0.5 } } };
  const { settings } = resolved(t, changes);
  assert.deepEqual(settings.sampling, { groupSize: 4, promptsPerStep: 32, temperature: 0.7, maxSequences: 256 });
  assert.equal(settings.optimizer.beta1, 0.5);
  assert.equal(settings.optimizer.learningRate, 1e-4);
  assert.equal(settings.optimizer.maxGradNorm, 1);
  assert.equal(settings.steps, 7);
  assert.equal(resolved(t, changes, { steps: 3 }).settings.steps, 3);
});

test("every preset resolves at every scale", (t) => {
  for (const preset of ["grpo", "sft"]) {
    for (const scale of ["paper", "single-gpu", "micro"]) {
      assert.equal(resolved(t, { preset, scale }).preset, preset);
    }
  }
  assert.equal(resolved(t).scale, "single-gpu");
});

test("one experiment's settings are not another's", (t) => {
  const first = resolved(t, { scale: "paper" });
  const second = resolved(t, { scale: "paper", settings: { probe: { rollouts: 3 } } });
  assert.equal(first.settings.probe.rollouts, 10);
  assert.equal(second.settings.probe.rollouts, 3);
});

test("paths are relative to the file and become absolute; what the file leaves open gets its default", (t) => {
  const { folder, file } = setUp(t, { ...MINIMAL, tools: ["a.tools.json", "./b.tools.json"], heldOut: "held.jsonl" });
  const experiment = resolveExperiment(file, {});
  assert.equal(experiment.file, file);
  assert.equal(experiment.model, join(folder, "policy"));
  assert.deepEqual(experiment.tools, [join(folder, "a.tools.json"), join(folder, "b.tools.json")]);
  assert.equal(experiment.heldOut, join(folder, "held.jsonl"));
  assert.equal(experiment.demonstrations, undefined);
  assert.equal(experiment.runs, join(folder, "runs"));
  assert.equal(experiment.device, "cpu");
  assert.equal(experiment.threads, availableParallelism());
  assert.equal(experiment.seed, 0);
});

test("the command line comes first; its runs folder is relative to the working directory", (t) => {
  const file = { seed: 1, threads: 2, device: "cpu", runs: "r", demonstrations: "demos.jsonl" };
  const own = resolved(t, file);
  assert.deepEqual([own.seed, own.threads, own.device], [1, 2, "cpu"]);
  const over = resolved(t, file, { seed: 5, threads: 1, device: "webgpu", runs: "elsewhere" });
  assert.deepEqual([over.seed, over.threads, over.device, over.runs], [5, 1, "webgpu", resolve("elsewhere")]);
});

test("the result is frozen to its leaves", (t) => {
  const experiment = resolved(t);
  assert.throws(() => {
    experiment.settings.objective.beta = 1;
  }, TypeError);
  assert.throws(() => experiment.tools.push("x"), TypeError);
});

test("paths that lead nowhere are named with the place of their key", (t) => {
  assert.match(
    fault(t, { train: "none.jsonl" }),
    /^x\.experiment\.json:8:3 \(train\): There is no file "none\.jsonl" that can be read\.$/,
  );
  assert.match(fault(t, { tools: ["a.tools.json", "a.tools.json/x"] }), /\(tools\[1\]\): There is no file/);
  assert.match(fault(t, { heldOut: "policy" }), /\(heldOut\): A file is needed here, which "policy" is not\.$/);
  assert.match(fault(t, { demonstrations: "no" }), /\(demonstrations\): There is no file "no"/);
  assert.match(fault(t, { model: "train.jsonl" }), /\(model\): A folder is needed here/);
  assert.match(fault(t, { model: "." }), /\(model\): The folder ".*" has no config\.json/);
  assert.match(fault(t, { train: "a\u0000b" }), /\(train\): There is no file "a\\u0000b"/);
});

test("a model may be named as on the hub, where it has been downloaded", (t) => {
  const cache = folderWith(t);
  const before = process.env.HF_HUB_CACHE;
  process.env.HF_HUB_CACHE = cache;
  t.after(() => {
    if (before === undefined) delete process.env.HF_HUB_CACHE;
    else process.env.HF_HUB_CACHE = before;
  });
  const snapshot = addCachedModel(cache, "org/one", {});
  assert.equal(resolved(t, { model: "org/one" }).model, snapshot);
  assert.match(
    fault(t, { model: "org/none" }),
    /^x\.experiment\.json:4:\d+ \(model\): There is neither the folder .* nor a model of this name in the Hugging Face cache, .* Download it with: hf download org\/none /,
  );
});

test("unknown and ill-typed settings are refused by the schema", (t) => {
  assert.match(
    fault(t, { settings: { sampling: { groupsize: 4 } } }),
    /\(settings\.sampling\.groupsize\): "groupsize" is not a known key here; did you mean "groupSize"\?$/,
  );
  assert.match(
    fault(t, { preset: "gpro" }),
    /\(preset\): This must be one of "grpo", "sft", .*, but it is the text "gpro"\.$/,
  );
  assert.match(fault(t, { name: "../x" }), /\(name\): This must be a text that matches/);
  assert.match(fault(t, { seed: 2 ** 32 }), /\(seed\): This must be 4294967295 or less/);
});

test("settings that contradict one another are refused", (t) => {
  const combined = (settings: object, changes: object = {}) => fault(t, { scale: "micro", settings, ...changes });
  assert.match(
    combined({ optimizer: { promptsPerMiniBatch: 64 } }),
    /^x\.experiment\.json:\d+:\d+ \(settings\.optimizer\.promptsPerMiniBatch\): A mini-batch of 64 prompts is larger than the 32 prompts of a step/,
  );
  assert.match(
    combined({ sampling: { promptsPerStep: 40 } }),
    /cannot be cut into mini-batches of 16; choose a divisor\.$/,
  );
  assert.match(
    combined({ sampling: { groupSize: 1 } }),
    /\(settings\.sampling\.groupSize\): A group of one completion/,
  );
  assert.match(
    combined({ objective: { beta: 0.01, kl: "k1" } }),
    /\(settings\.objective\.kl\): The estimator k1 has no effect/,
  );
  assert.match(
    combined({ objective: { importanceCap: 0.5 } }),
    /\(settings\.objective\.importanceCap\): A cap below 1 scales down .* 0 for none\.$/,
  );
  assert.match(
    combined({ probe: { before: false } }, { preset: "dmhs-replace" }),
    /\(settings\.probe\.before\): Without a probe before training no row is known to be hard, so curriculum\.mode "replace"/,
  );
  assert.match(combined({ stability: { window: 1 } }), /A window of one step has no variance/);
  const sft = { preset: "sft" };
  assert.match(combined({ curriculum: { mode: "add" } }, sft), /leave this at "none"\.$/);
  assert.match(combined({ sampling: { groupSize: 2 } }, sft), /one completion for each prompt/);
  assert.match(combined({ objective: { beta: 0.1 } }, sft), /no reference policy/);
  assert.match(combined({ objective: { entropy: 0.1 } }, sft), /no entropy bonus/);
  assert.match(combined({ objective: { importanceCap: 2 } }, sft), /samples nothing that could be weighted/);
  assert.match(combined({ sampling: { promptsPerStep: 64 } }, sft), /set this to 64, as sampling\.promptsPerStep\.$/);
  assert.match(combined({ optimizer: { epochsPerBatch: 2 } }, sft), /leave this at 1\.$/);
});

test("an adapter is a setting like any other: its fields over the defaults, its targets as a whole", (t) => {
  assert.equal(resolved(t).settings.adapter.kind, "none");
  const adapter = { kind: "lora", rank: 8, targets: ["q_proj", "v_proj"] };
  const { settings } = resolved(t, { settings: { adapter } });
  assert.deepEqual(settings.adapter, { ...PRESETS.grpo.settings.adapter, ...adapter });
  const overridden = resolved(
    t,
    { settings: { adapter } },
    { settings: { adapter: { targets: ["o_proj"], dropout: 0.1 } } },
  );
  assert.deepEqual(overridden.settings.adapter.targets, ["o_proj"]);
  assert.equal(overridden.settings.adapter.rank, 8);
  for (const [wrong, sentence] of [
    [{ rank: 0 }, /\(settings\.adapter\.rank\): This must be 1 or more/],
    [{ dropout: 1 }, /\(settings\.adapter\.dropout\): This must be 0\.9 or less/],
    [
      { targets: ["lm_head"] },
      /\(settings\.adapter\.targets.*\): This must be "all-linear" or a list of q_proj, k_proj/,
    ],
    [{ base: "nf4" }, /\(settings\.adapter\.base\): This must be one of "f32", "f16", "int4"/],
    [{ block: 48 }, /\(settings\.adapter\.block\): This must be one of 16, 32, 64, 128/],
    [{ targets: [] }, /\(settings\.adapter\.targets\): This must be "all-linear" or a list of/],
    [{ kind: "dora" }, /\(settings\.adapter\.kind\): This must be one of "none", "lora"/],
  ] as const) {
    assert.match(fault(t, { settings: { adapter: { ...adapter, ...wrong } } }), sentence);
  }
});

test("weights of 16 or 4 bits are frozen ones: without an adapter they are refused where they stand", (t) => {
  const { settings } = resolved(t, { settings: { adapter: { kind: "lora", base: "int4", block: 64 } } });
  assert.deepEqual(loraOf(settings.adapter)?.frozen, { kind: "blocks", block: 64 });
  assert.deepEqual(loraOf({ ...settings.adapter, base: "f16" })?.frozen, { kind: "half" });
  assert.equal(loraOf({ ...settings.adapter, base: "f32" })?.frozen, undefined);
  assert.match(
    fault(t, { settings: { adapter: { base: "int4" } } }),
    /\(settings\.adapter\.base\): Without an adapter every weight is trained, and one of 4 bits cannot be; set this to "f32"/,
  );
  const mixed = { adapter: { kind: "lora", base: "int4" }, optimizer: { precision: "f16" } };
  assert.match(
    fault(t, { settings: mixed }),
    /\(settings\.optimizer\.precision\): Weights in 4 bits are multiplied in float32; set this to "f32", or adapter\.base to "f16"/,
  );
  assert.equal(
    resolved(t, { settings: { ...mixed, adapter: { kind: "lora", base: "f16" } } }).settings.optimizer.precision,
    "f16",
  );
  assert.match(fault(t, { settings: { adapter: { base: "f16" } } }), /and one of 16 bits cannot be; set this to "f32"/);
});

test("an adapter to start from is a folder, its files are inputs, and it needs an adapter to be trained", (t) => {
  const settings = { adapter: { kind: "lora" } };
  const { folder, file } = setUp(t, { ...MINIMAL, initialAdapter: "policy", settings });
  const experiment = resolveExperiment(file, {});
  assert.equal(experiment.initialAdapter, join(folder, "policy"));
  const files = inputsOf({ ...experiment, model: experiment.runs.replace(/runs$/, "") }).map((input) => input.file);
  assert.ok(files.includes(join(folder, "policy", "config.json")));
  assert.match(fault(t, { initialAdapter: "nowhere", settings }), /\(initialAdapter\): There is no folder/);
  assert.match(fault(t, { initialAdapter: "policy" }), /\(initialAdapter\): An adapter to start from needs/);
});

test("what only looks like a contradiction is allowed", (t) => {
  resolved(t, { scale: "micro", settings: { objective: { kl: "k1" } } });
  resolved(t, { scale: "micro", settings: { objective: { beta: 0.01, kl: "k1", klPlacement: "reward" } } });
  resolved(t, { scale: "micro", settings: { sampling: { groupSize: 2 }, optimizer: { promptsPerMiniBatch: 32 } } });
  resolved(t, {
    scale: "micro",
    preset: "sft",
    settings: { sampling: { promptsPerStep: 8 }, optimizer: { promptsPerMiniBatch: 8 } },
  });
});

test("overrides out of range are refused", (t) => {
  assert.match(fault(t, {}, { seed: -1 }), /^--seed must be a whole number from 0 to 4294967295, but is -1\.$/);
  assert.match(fault(t, {}, { seed: Number.NaN }), /but is NaN/);
  assert.match(fault(t, {}, { threads: 0 }), /^--threads must be/);
  assert.match(fault(t, {}, { steps: 1.5 }), /^--steps must be/);
  assert.match(
    fault(t, {}, { device: "cuda\u001b" }),
    /^--device must be one of cpu, webgpu, cuda, auto, but is "cuda\\u001b"\.$/,
  );
});

const PATHS: readonly (readonly [key: string, changes: (path: string) => object])[] = [
  ["tools[1]", (path) => ({ tools: ["a.tools.json", path] })],
  ["train", (path) => ({ train: path })],
  ["heldOut", (path) => ({ heldOut: path })],
  ["demonstrations", (path) => ({ demonstrations: path })],
  ["model", (path) => ({ model: path })],
  ["initialAdapter", (path) => ({ initialAdapter: path, settings: { adapter: { kind: "lora" } } })],
  ["environment.results", (path) => ({ environment: { results: path } })],
  ["trajectories", (path) => ({ trajectories: path })],
  ["runs", (path) => ({ runs: path })],
];

/** A folder beside the experiment's with everything that it could name. */
const elsewhere = (t: TestContext): string => folderWith(t, { ...FILES, "rows.jsonl": "" });

test("no path of an experiment leads out of its project, however it is written, and writing is no exception", (t) => {
  const other = elsewhere(t);
  for (const [key, changes] of PATHS)
    for (const path of [join(other, "rows.jsonl"), "../rows.jsonl", "link/rows.jsonl", "/dev/zero", "//host/share/a"]) {
      const { folder, file } = setUp(t, { ...MINIMAL, ...changes(path) });
      symlinkSync(other, join(folder, "link"), "junction");
      const said = faultOf(folder, () => resolveExperiment(file, {}));
      assert.match(
        said,
        /lies outside of the experiment's own project, .*--allow .*toolexpander\.allowedFolders/,
        path,
      );
      assert.ok(said.includes(`(${key})`), `${key}: ${said}`);
    }
});

test("a folder that is allowed may be named, and only that one", (t) => {
  const [other, third] = [elsewhere(t), elsewhere(t)];
  const allow = { allow: [other] };
  assert.equal(resolved(t, { train: join(other, "train.jsonl") }, allow).train, join(other, "train.jsonl"));
  assert.equal(resolved(t, { model: join(other, "policy") }, allow).model, join(other, "policy"));
  assert.equal(resolved(t, { runs: join(other, "runs") }, allow).runs, join(other, "runs"));
  assert.match(fault(t, { train: join(third, "train.jsonl") }, allow), /\(train\): .* lies outside/);
});

test("links inside a model's folder lead nowhere else", (t) => {
  const other = elsewhere(t);
  const { folder, file } = setUp(t, MINIMAL);
  symlinkSync(join(other, "rows.jsonl"), join(folder, "policy", "tokenizer.json"));
  assert.match(
    faultOf(folder, () => resolveExperiment(file, {})),
    /\(model\): The link "policy.tokenizer\.json" leads outside/,
  );
  assert.equal(resolveExperiment(file, { allow: [other] }).model, join(folder, "policy"));
});

test("hand edits lie beside the experiment, and not where a link leads", (t) => {
  const { folder, file } = setUp(t, MINIMAL);
  symlinkSync(elsewhere(t), join(folder, "replacements"), "junction");
  assert.match(
    faultOf(folder, () => resolveExperiment(file, {})),
    /lies outside/,
  );
});

test("own code has to lie in the project, whatever else is allowed", (t) => {
  const other = folderWith(t, { "own.ts": "export default () => 1;" });
  const { folder, file } = setUp(t, { ...MINIMAL, settings: { reward: "./own.ts" } });
  symlinkSync(join(other, "own.ts"), join(folder, "own.ts"));
  assert.match(
    faultOf(folder, () => resolveExperiment(file, { allow: [other] })),
    /A reward must lie in the experiment's own project/,
  );
});
