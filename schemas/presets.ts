/**
 * Presets: the published hyper-parameters of an algorithm, and what other scales than the paper's change in them.
 * TE = ToolExpander (arXiv 2510.07737v1), N1 = Nemotron Tool-N1 (arXiv 2505.00024 and its repository), TR = ToolRL (arXiv
 * 2504.13958v1 and its repository), SP = "SPaRK" (abstract and extended abstract). "Ours" marks a choice that no source makes.
 */
import { ADAPTER_DEFAULTS } from "./adapter.ts";
import type { CurriculumMode, PresetName, ScaleName, Settings } from "./experiment.ts";
import { merged, type Override } from "./override.ts";
import { PPO_DEFAULTS } from "./ppo.ts";
import { REWARD_DEFAULTS } from "./rewards.ts";
import { SPARK_DEFAULTS } from "./spark.ts";

export interface Preset {
  /** Every setting, at the scale of the paper. */
  settings: Settings;
  scales: Record<ScaleName, Override<Settings>>;
}

/** The preset with other settings, at the scale of the paper and on top of what its scales change. */
function changed(
  base: Preset,
  settings: Override<Settings>,
  scales: Partial<Record<ScaleName, Override<Settings>>> = {},
): Preset {
  const scaled = (scale: ScaleName): Override<Settings> => merged(base.scales[scale], scales[scale] ?? {});
  return {
    settings: merged(base.settings, settings),
    scales: { paper: scaled("paper"), "single-gpu": scaled("single-gpu"), micro: scaled("micro") },
  };
}

/** Ours: the conversation of five turns has to fit a prompt of a few hundred tokens. */
const MICRO_EPISODES: Override<Settings["spark"]> = { thought: 32, observation: 64 };

/** TE trains GRPO with veRL; what TE's tables leave open is veRL's default. */
const grpo: Preset = {
  settings: {
    steps: 610, // TE: 10 epochs (Table 10) over 62,687 rows (§3.1), 61 full batches of 1024 in each.
    reward: "toolexpander", // TE §3.3.
    prompt: "tool-call", // TE §3.3: the stock prompt.
    toolPrompt: "auto", // Ours: TE trains Qwen2.5, whose template has the form.
    rewards: REWARD_DEFAULTS,
    sampling: {
      groupSize: 5, // TE Table 10.
      promptsPerStep: 1024, // TE Table 10.
      temperature: 0.7, // TE Table 10.
      maxSequences: 256, // Ours.
    },
    lengths: {
      prompt: 4096, // N1 qwen.sh; TE is silent.
      response: 8192, // TE Table 10.
    },
    objective: {
      clipLow: 0.2, // TE Table 10.
      clipHigh: 0.2, // TE Table 10: symmetric.
      beta: 1e-3, // TE Table 10.
      kl: "k3", // veRL's low-variance estimator, as TE and N1 use it.
      klPlacement: "loss", // N1 qwen.sh.
      entropy: 0, // TE Table 10.
      aggregation: "token-mean", // veRL default.
      normalizeStd: true, // TE §3.
      truncated: "learn", // veRL default.
      importanceCap: 0, // veRL default: none.
    },
    adapter: ADAPTER_DEFAULTS, // Every source trains all weights.
    optimizer: {
      learningRate: 1e-6, // TE Table 10.
      warmupSteps: 0, // veRL default.
      schedule: "constant", // veRL default.
      decay: { factor: 1, every: "round", steps: 1 }, // None: TE's decay of 0.8 belongs to hard sampling and to SET.
      beta1: 0.9, // veRL default (AdamW).
      beta2: 0.999, // veRL default.
      epsilon: 1e-8, // PyTorch's AdamW default, which veRL keeps.
      weightDecay: 0.01, // veRL default.
      maxGradNorm: 1, // veRL default.
      promptsPerMiniBatch: 256, // N1 configuration default; TE is silent.
      epochsPerBatch: 1, // veRL default.
      microBatchTokens: 16384, // Ours: one completion of full length and its prompt.
      precision: "f32", // Ours: every device has it. veRL's default is bfloat16, which the engine has not.
      checkpointing: false, // Ours: time before memory, until memory runs out.
    },
    probe: {
      rollouts: 10, // TE §3.2.
      before: true, // TE Table 2.
      after: true, // TE Table 3.
      mode: "full", // TE §3.2: the published counts are of this kind.
    },
    curriculum: {
      mode: "none",
      epochsPerRound: 1, // Ours: TE does not state the number of rounds.
      fewShots: "verified", // TE §3.1, the more cautious of the two; Table 4.
      attempts: 4, // Ours: TE does not say when it gives a row up.
      demonstrate: "offered", // Ours: the demonstrations then do not tell which tool is wanted.
      perTool: 1, // Ours.
      retire: "untilHardAgain", // Ours: each round probes afresh.
      replacements: false, // A baseline is nobody's edit.
    },
    stability: { window: 10, target: 0.9, collapse: { drop: 0.5, patience: 10, action: "report" } }, // Ours.
    evaluation: { every: 20, rows: 0, episodes: 4, temperature: 0.7 }, // Ours.
    checkpoints: { every: 10, keep: 2 }, // Ours.
    spark: SPARK_DEFAULTS,
    ppo: PPO_DEFAULTS,
  },
  scales: {
    paper: {},
    // Ours: one GPU of 24 to 80 GB and a policy of 0.5 to 3 billion parameters. The ratio of batch to mini-batch stays.
    "single-gpu": {
      steps: 500,
      sampling: { groupSize: 8, promptsPerStep: 64 },
      lengths: { prompt: 2048, response: 1024 },
      optimizer: { promptsPerMiniBatch: 16, microBatchTokens: 16384 },
      evaluation: { every: 25, rows: 500 },
      checkpoints: { every: 25 },
    },
    // Ours: a few million parameters on two CPU cores, in minutes. Without a reference pass, and a rate such a policy needs.
    micro: {
      steps: 120,
      sampling: { groupSize: 8, promptsPerStep: 32 },
      lengths: { prompt: 384, response: 128 },
      objective: { beta: 0 },
      optimizer: { learningRate: 1e-4, promptsPerMiniBatch: 16, microBatchTokens: 2048 },
      evaluation: { every: 20, rows: 200 },
      checkpoints: { every: 10, keep: 2 },
      spark: MICRO_EPISODES,
    },
  },
};

/** TE Table 10 and 11: exponential decay of 0.8. The interval is ours; without rounds one is an epoch. */
const DECAY = { factor: 0.8, every: "round", steps: 1 } as const;

/** Cross-entropy of the gold completions. TE gives no recipe for it, so all that is not plain AdamW is ours. */
const sft: Preset = {
  settings: {
    steps: 1470, // Ours: 3 epochs over TE's 62,687 rows in batches of 128.
    reward: grpo.settings.reward,
    prompt: grpo.settings.prompt,
    toolPrompt: grpo.settings.toolPrompt,
    rewards: grpo.settings.rewards,
    sampling: {
      groupSize: 1, // One gold completion for each row.
      promptsPerStep: 128,
      temperature: 1, // Cross-entropy is of the plain logits.
      maxSequences: grpo.settings.sampling.maxSequences,
    },
    lengths: grpo.settings.lengths,
    objective: { ...grpo.settings.objective, beta: 0 }, // Only aggregation and truncated have a meaning here.
    adapter: ADAPTER_DEFAULTS,
    optimizer: {
      ...grpo.settings.optimizer,
      learningRate: 1e-5,
      warmupSteps: 45, // 3 % of the steps.
      schedule: "cosine",
      promptsPerMiniBatch: 128,
    },
    probe: { ...grpo.settings.probe, before: false, after: false },
    curriculum: grpo.settings.curriculum,
    stability: { ...grpo.settings.stability, collapse: { ...grpo.settings.stability.collapse, action: "none" } },
    evaluation: { ...grpo.settings.evaluation, every: 200 },
    checkpoints: { every: 200, keep: 2 },
    spark: SPARK_DEFAULTS,
    ppo: PPO_DEFAULTS,
  },
  scales: {
    paper: {},
    "single-gpu": {
      steps: 1000,
      sampling: { promptsPerStep: 32 },
      lengths: { prompt: 2048, response: 1024 },
      optimizer: { warmupSteps: 30, promptsPerMiniBatch: 32 },
      evaluation: { rows: 500 },
    },
    micro: {
      steps: 400,
      sampling: { promptsPerStep: 32 },
      lengths: { prompt: 384, response: 128 },
      optimizer: { learningRate: 1e-3, warmupSteps: 20, promptsPerMiniBatch: 32, microBatchTokens: 2048 },
      evaluation: { every: 100, rows: 200 },
      checkpoints: { every: 50 },
      spark: MICRO_EPISODES,
    },
  },
};

/** TE §3.2, Tables 2 to 4 and 10: GRPO on rounds in which hard rows come with few-shots. */
function hardSampling(base: Preset, mode: CurriculumMode): Preset {
  return changed(
    base,
    { curriculum: { mode, replacements: true }, optimizer: { decay: DECAY } },
    // Ours: prompts of two or three demonstrations have to fit (the quickstart's README has their lengths), and a probe
    // of every row with all rollouts would take longer than the round between two of them.
    {
      "single-gpu": { lengths: { prompt: 4096 }, probe: { mode: "fast-between" } },
      micro: {
        lengths: { prompt: 640 },
        probe: { mode: "fast-between" },
        curriculum: { epochsPerRound: 2 },
      },
    },
  );
}

/** TE §4, Table 11: examples of the policy's own before the call, no KL term, decoupled clip. */
const set: Preset = changed(
  grpo,
  {
    reward: "set", // TE §4: 1.01 with right examples, 1 without, 0 otherwise.
    prompt: "self-exemplify",
    objective: { beta: 0, clipLow: 0.2, clipHigh: 0.26 },
    optimizer: { decay: DECAY },
  },
  // Ours: the quickstart's policy writes about 220 tokens, most of them examples: eight times the work of a call alone.
  {
    micro: {
      steps: 60,
      sampling: { promptsPerStep: 16 },
      lengths: { prompt: 512, response: 384 },
      optimizer: { promptsPerMiniBatch: 8 },
    },
  },
);
/** ToolRL (run_grpo.sh): no KL, an entropy bonus, more and smaller batches than the others. */
const toolrl: Preset = {
  settings: {
    ...grpo.settings,
    steps: 105, // TR: 15 epochs over 4,000 rows, 7 full batches of 512 in each; the length reward's target is published up to this step.
    reward: "toolrl",
    prompt: "toolrl",
    sampling: {
      groupSize: 4, // TR run_grpo.sh.
      promptsPerStep: 512, // TR run_grpo.sh.
      temperature: 1, // TR run_grpo.sh.
      maxSequences: grpo.settings.sampling.maxSequences,
    },
    lengths: { prompt: 2048, response: 1024 }, // TR run_grpo.sh.
    objective: { ...grpo.settings.objective, beta: 0, entropy: 0.001 }, // TR run_grpo.sh.
    optimizer: { ...grpo.settings.optimizer, promptsPerMiniBatch: 128 }, // TR run_grpo.sh; learning rate 1e-6 as TE's.
  },
  scales: {
    paper: {},
    "single-gpu": { ...grpo.scales["single-gpu"], sampling: { promptsPerStep: 64 } },
    micro: grpo.scales.micro,
  },
};

/** The formula of ToolRL's paper in place of its code's. */
const toolrlPaper: Preset = { ...toolrl, settings: { ...toolrl.settings, reward: "toolrl-paper" } };

/** Tool-N1 (qwen.sh): what ToolExpander trains with, on its own data and reward. */
const toolN1: Preset = {
  ...grpo,
  settings: {
    ...grpo.settings,
    steps: 427, // N1: 7 epochs; over TE's 62,687 rows, whose mixture it is, 61 full batches of 1024 in each.
    reward: "tool-n1",
    prompt: "tool-n1",
  },
};

/** SPaRK: PPO with an adapter over stored trajectories. SP names the parts and gives hardly a number. */
const spark: Preset = {
  settings: {
    ...sft.settings,
    steps: 1564, // Ours: 4 epochs over SP's 2,500 questions of 5 turns each at most, in mini-batches of 32.
    sampling: {
      groupSize: 1, // SP: one action is taken in each turn.
      promptsPerStep: 32, // Ours: turns of a mini-batch.
      temperature: 1, // Ours: ratios are of the plain logits, since nothing is sampled.
      maxSequences: grpo.settings.sampling.maxSequences,
    },
    lengths: { prompt: 4096, response: 512 }, // Ours: SP's turns are a thought and a call.
    objective: {
      ...grpo.settings.objective,
      clipLow: 0.2, // SP: a clipped surrogate; the range is PPO's.
      clipHigh: 0.2, // The same.
      beta: 0.01, // SP: a KL term to the reference; its weight is ours.
      kl: "k3", // Ours.
      klPlacement: "loss", // Ours: stored rewards stay as they are.
    },
    adapter: { ...ADAPTER_DEFAULTS, kind: "lora", base: "int4" }, // SP: QLoRA; rank and block are ours. The reference is without it.
    optimizer: {
      ...grpo.settings.optimizer,
      learningRate: 1e-4, // Ours, as usual for adapters.
      warmupSteps: 45, // Ours: 3 % of the steps.
      promptsPerMiniBatch: 32, // Ours.
    },
    evaluation: { ...grpo.settings.evaluation, every: 391 }, // Ours: after each epoch.
    checkpoints: { every: 100, keep: 2 }, // Ours.
  },
  scales: {
    paper: {},
    // Ours: a few hundred questions.
    "single-gpu": {
      steps: 1000,
      sampling: { promptsPerStep: 16 },
      lengths: { prompt: 2048, response: 512 },
      optimizer: { warmupSteps: 10, promptsPerMiniBatch: 16 },
      evaluation: { every: 100, rows: 200 },
    },
    // Ours: a few million parameters on two CPU cores, in minutes: all of them are trained, without a reference pass. PPO's usual settings,
    // those above, made the policy of examples/episodes worse; ARCHITECTURE.md, "Learning from trajectories", has why and by how much.
    micro: {
      steps: 200,
      sampling: { promptsPerStep: 32 },
      lengths: { prompt: 640, response: 128 },
      objective: { beta: 0, clipHigh: 2 },
      adapter: { kind: "none", base: "f32" },
      optimizer: {
        learningRate: 5e-4,
        warmupSteps: 5,
        schedule: "cosine",
        promptsPerMiniBatch: 32,
        microBatchTokens: 2048,
      },
      ppo: { gamma: 0, normalizeAdvantages: false, valueCoefficient: 0 },
      evaluation: { every: 50, rows: 100 },
      checkpoints: { every: 20 },
      spark: { ...MICRO_EPISODES, weights: { diversity: 1, terminal: 0 } },
    },
  },
};

export const PRESETS: Record<PresetName, Preset> = {
  grpo,
  sft,
  "dmhs-replace": hardSampling(grpo, "replace"),
  "dmhs-add": hardSampling(grpo, "add"),
  set,
  "set-replace": hardSampling(set, "replace"), // SET on the rounds of hard sampling, as TE combines them.
  toolrl,
  "toolrl-paper": toolrlPaper,
  "tool-n1": toolN1,
  spark,
};

/** Where an experiment file names no scale: most researchers have one GPU, and the paper's scale needs eight. */
export const DEFAULT_SCALE: ScaleName = "single-gpu";
