/** An experiment file (`*.experiment.json`, or any path given to the command line): a preset and what it changes. */
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { AdapterSettings } from "./adapter.ts";
import { TRAINING_DEVICES } from "./devices.ts";
import { choice, positive, strict } from "./fields.ts";
import { PpoSettings } from "./ppo.ts";
import { OWN_CODE, RewardChoice, RewardSettings } from "./rewards.ts";
import { SparkSettings } from "./spark.ts";

export const PresetName = choice(
  "The method, with the settings that were published for it; the section Presets lists them.",
  "grpo",
  "sft",
  "dmhs-replace",
  "dmhs-add",
  "set",
  "set-replace",
  "toolrl",
  "toolrl-paper",
  "tool-n1",
  "spark",
);
/** What an experiment may ask for. */
export const DEVICE_CHOICES = [...TRAINING_DEVICES, "auto"] as const;
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** Settings that planning may lower where memory is short. */
export const MEMORY_SETTINGS = ["microBatchTokens", "maxSequences"] as const;
export type MemorySetting = (typeof MEMORY_SETTINGS)[number];

export const ScaleName = choice(
  "Sizes: those of the paper, for eight GPUs; one GPU and 0.5 to 3 billion parameters; or a few million parameters on a CPU. single-gpu by default.",
  "paper",
  "single-gpu",
  "micro",
);

export const ToolPrompt = choice(
  "Who tells the model of its tools and of the form of a call, in the prompts tool-call and self-exemplify and in episodes: the chat template, the system message, or the template where it has the form that rewards read.",
  "auto",
  "template",
  "system",
);
export type ToolPrompt = Static<typeof ToolPrompt>;

/** Every setting with a value. What a run is started with and what its record holds. */
export const ResolvedSettings = Type.Object(
  {
    steps: positive(
      "Sampling steps (GRPO) or optimiser steps (supervised; PPO over stored turns, which `ppo.epochs` may end before).",
    ),
    reward: RewardChoice,
    rewards: RewardSettings,
    prompt: choice(
      "How prompts are put where a sample does not say it itself.",
      "tool-call",
      "self-exemplify",
      "toolrl",
      "tool-n1",
    ),
    toolPrompt: ToolPrompt,
    sampling: Type.Object(
      {
        groupSize: Type.Integer({ minimum: 1, description: "G: completions drawn for each prompt." }),
        promptsPerStep: positive("B: prompts of one sampling batch."),
        temperature: Type.Number({
          exclusiveMinimum: 0,
          description: "T: divides the logits in sampling and in training.",
        }),
        maxSequences: positive(
          "Sequences decoded together at most; a group is not cut. A memory matter only: where the file leaves it open, fewer are taken if memory is short.",
        ),
      },
      strict,
    ),
    lengths: Type.Object(
      {
        prompt: positive("Token budget of a prompt; longer ones are refused before the run begins."),
        response: positive("Most tokens of a completion, the end-of-sequence token included."),
      },
      strict,
    ),
    objective: Type.Object(
      {
        clipLow: Type.Number({ exclusiveMinimum: 0, description: "eps_low of the clipped ratio." }),
        clipHigh: Type.Number({ exclusiveMinimum: 0, description: "eps_high of the clipped ratio." }),
        beta: Type.Number({
          minimum: 0,
          description: "Weight of the KL term against the reference policy; 0 removes it.",
        }),
        kl: choice(
          "Estimator of the KL term (Schulman, Approximating KL divergence): k1 is unbiased, k2 has little variance, k3 is unbiased and never negative.",
          "k1",
          "k2",
          "k3",
        ),
        klPlacement: choice("Where the KL term stands: in the loss, or taken off the reward.", "loss", "reward"),
        entropy: Type.Number({ minimum: 0, description: "c_H: weight of the entropy bonus." }),
        aggregation: choice(
          "What the loss is divided by. token-mean (DAPO): all tokens of the mini-batch. sequence-mean (GRPO as first published): each completion by its own length. constant (Dr. GRPO): the number of completions times lengths.response.",
          "token-mean",
          "sequence-mean",
          "constant",
        ),
        normalizeStd: Type.Boolean({ description: "Divide advantages by the group's standard deviation." }),
        truncated: choice("Completions cut at lengths.response: learnt like all others, or left out.", "learn", "mask"),
        importanceCap: Type.Number({
          minimum: 0,
          description:
            "C of truncated importance sampling: each token's surrogate is weighted by min(pi_train / pi_sampler, C); 0: none.",
        }),
      },
      strict,
    ),
    adapter: AdapterSettings,
    optimizer: Type.Object(
      {
        learningRate: Type.Number({
          exclusiveMinimum: 0,
          description: "AdamW's rate; an adapter wants some ten times that of full training.",
        }),
        warmupSteps: Type.Integer({ minimum: 0, description: "Optimiser steps over which the rate rises from 0." }),
        schedule: choice(
          "After the warm-up the rate stays, or falls towards 0 at the end of the run.",
          "constant",
          "linear",
          "cosine",
        ),
        decay: Type.Object(
          {
            factor: Type.Number({
              exclusiveMinimum: 0,
              maximum: 1,
              description: "What the rate is multiplied with each time; 1: no decay.",
            }),
            every: choice(
              "How often: at each round, each pass over the data, or every so many steps.",
              "round",
              "epoch",
              "steps",
            ),
            steps: positive("Steps from one decay to the next, where every is steps."),
          },
          strict,
        ),
        beta1: Type.Number({ minimum: 0, exclusiveMaximum: 1, description: "AdamW: decay of the gradient's mean." }),
        beta2: Type.Number({ minimum: 0, exclusiveMaximum: 1, description: "AdamW: decay of its square's mean." }),
        epsilon: Type.Number({ exclusiveMinimum: 0, description: "AdamW: added to the divisor." }),
        weightDecay: Type.Number({ minimum: 0, description: "AdamW: share of the weights taken off, times the rate." }),
        maxGradNorm: Type.Number({
          exclusiveMinimum: 0,
          description: "The gradient is scaled down to this global L2 norm.",
        }),
        promptsPerMiniBatch: positive("Prompts whose completions share one optimiser step."),
        epochsPerBatch: positive("Passes over one sampling batch."),
        microBatchTokens: positive(
          "Tokens, padding included, that go through the network at once. A memory matter only: where the file leaves it open, fewer are taken if memory is short.",
        ),
        precision: choice(
          "What the products of linear layers are computed in, forward and back, in training; sampling and all else are float32. f16: float16 with dynamic loss scaling (Micikevicius et al. 2018), for graphics cards that have it; the CPU rounds alike and is slower.",
          "f32",
          "f16",
        ),
        checkpointing: Type.Boolean({
          description:
            "Gradient checkpointing: keep only each layer's input and compute the rest of it again for the gradient. Less memory, about a third more computing, the same results.",
        }),
      },
      strict,
    ),
    probe: Type.Object(
      {
        rollouts: positive("Rollouts on the raw row; a row none of which is correct is hard."),
        before: Type.Boolean({ description: "Probe the training rows before the first step." }),
        after: Type.Boolean({ description: "Probe them again after the last step." }),
        mode: choice(
          "full: all rollouts of every row. fast: a row stops at its first correct rollout, and rows solved since the last probe are skipped. fast-between: fast from the second round on, full before and after training. Verifying few-shots stops at the first correct rollout in both.",
          "full",
          "fast",
          "fast-between",
        ),
      },
      strict,
    ),
    curriculum: Type.Object(
      {
        mode: choice(
          "What becomes of hard rows: nothing; their few-shot version instead of them, or besides them; left out; or every row with few-shots, hard or not.",
          "none",
          "replace",
          "add",
          "drop",
          "few-shot-only",
        ),
        epochsPerRound: positive("Passes over a round's data before the rows are probed again."),
        fewShots: choice(
          "random: demonstrations picked at random. verified: picked anew until the policy answers the row with them.",
          "random",
          "verified",
        ),
        attempts: positive("Choices of demonstrations tried for a row where they are verified."),
        demonstrate: choice(
          "Tools that get demonstrations: all that the prompt offers, or those of the gold calls.",
          "offered",
          "called",
        ),
        perTool: positive("Demonstrations of each tool."),
        retire: choice(
          "What a later probe means for a row that was solved: it may be hard again, or never.",
          "untilHardAgain",
          "forever",
        ),
        replacements: Type.Boolean({
          description: "Whether the files in replacements/ beside the experiment take part in the run.",
        }),
      },
      strict,
    ),
    stability: Type.Object(
      {
        window: positive("Steps that the sliding mean and variance of the reward are over."),
        target: Type.Number({ description: "Mean reward whose first reaching is reported." }),
        collapse: Type.Object(
          {
            drop: Type.Number({
              exclusiveMinimum: 0,
              maximum: 1,
              description: "Share of its best value that the sliding mean reward has to lose.",
            }),
            patience: positive("Steps in a row for which it has to be lost."),
            action: choice(
              "What a collapse does: a warning, a pause until somebody resumes the run, or nothing.",
              "report",
              "pause",
              "none",
            ),
          },
          strict,
        ),
      },
      strict,
    ),
    evaluation: Type.Object(
      {
        every: Type.Integer({
          minimum: 0,
          description: "Steps between held-out evaluations; 0: only before and after.",
        }),
        rows: Type.Integer({ minimum: 0, description: "Held-out rows of the evaluations in between; 0: all." }),
        episodes: positive("Episodes of each held-out question, where questions are held out."),
        temperature: Type.Number({
          minimum: 0,
          description: "T of these episodes; 0: greedy. Completions of held-out samples are always greedy.",
        }),
      },
      strict,
    ),
    checkpoints: Type.Object(
      {
        every: positive("Steps between checkpoints."),
        keep: positive("Newest checkpoints that stay on disk."),
      },
      strict,
    ),
    spark: SparkSettings,
    ppo: PpoSettings,
  },
  strict,
);

/** The same tree with every key optional: what a file may override. */
function overridable(schema: TSchema): TSchema {
  if (schema.type !== "object" || schema.properties === undefined) return schema;
  const properties = Object.fromEntries(
    Object.entries(schema.properties as Record<string, TSchema>).map(([key, value]) => [
      key,
      Type.Optional(overridable(value)),
    ]),
  );
  return Type.Object(properties, strict);
}

/** What a file may say of the settings. */
export const SettingsOverride = overridable(ResolvedSettings);

type DeepPartial<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;

type SettingsChange = DeepPartial<Static<typeof ResolvedSettings>>;

/** A setting's value in a grid. */
const GridValue = Type.Union([Type.Number(), Type.Boolean(), Type.String()]);

/** Many runs from one file: every variant, with every combination of the grid's values, for every seed. */
export const SweepPlan = Type.Object(
  {
    seeds: Type.Array(Type.Integer({ minimum: 0, maximum: 4294967295 }), {
      minItems: 1,
      maxItems: 31,
      uniqueItems: true,
      description: "Each seed trains each variant once; differences are paired by seed.",
    }),
    variants: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 60, description: "As the table calls it." }),
            preset: Type.Optional(PresetName),
            trajectories: Type.Optional(
              Type.String({
                minLength: 1,
                description: "File of trajectories that this variant learns from, relative to this file.",
              }),
            ),
            settings: Type.Optional(
              Type.Unsafe<SettingsChange>({ ...SettingsOverride, description: "Over the experiment's own." }),
            ),
          },
          strict,
        ),
        { minItems: 1, description: "The first is what the others are compared with." },
      ),
    ),
    grid: Type.Optional(
      Type.Record(Type.String(), Type.Array(GridValue, { minItems: 1 }), {
        description: "Values by the path of a setting, as objective.normalizeStd.",
      }),
    ),
  },
  { ...strict, description: "Many runs from one file: toolexpander sweep trains them one by one and compares them." },
);

/** What answers the calls of episodes. */
const EnvironmentFiles = Type.Object(
  {
    functions: Type.Optional(
      Type.String({
        pattern: OWN_CODE,
        title: "a TypeScript or JavaScript file of your own, as ./world.ts",
        description:
          "File of your own whose default export has a function for each tool, by its name, relative to this file.",
      }),
    ),
    results: Type.Optional(
      Type.String({ minLength: 1, description: "Recorded results (*.results.jsonl), relative to this file." }),
    ),
  },
  { ...strict, description: "What answers the calls of episodes." },
);

export const ExperimentFile = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: "For other editors; nothing here reads it." })),
    name: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description: "Part of the run folder's name." }),
    preset: PresetName,
    scale: Type.Optional(ScaleName),
    model: Type.String({
      minLength: 1,
      description: "Hugging Face model directory, relative to this file; or org/name of a downloaded model.",
    }),
    initialAdapter: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "PEFT adapter directory to start from, relative to this file; the reference policy is the model without it.",
      }),
    ),
    tools: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      description: "Tool catalogs, relative to this file.",
    }),
    train: Type.String({
      minLength: 1,
      description:
        "Training samples, relative to this file; the questions of trajectories, where an experiment has those.",
    }),
    heldOut: Type.Optional(
      Type.String({ minLength: 1, description: "Held-out samples, relative to this file; questions, as train." }),
    ),
    demonstrations: Type.Optional(
      Type.String({ minLength: 1, description: "Few-shot demonstrations, relative to this file." }),
    ),
    environment: Type.Optional(EnvironmentFiles),
    trajectories: Type.Optional(
      Type.String({
        minLength: 1,
        description: "File that trajectories are generated into, and learnt from, relative to this file.",
      }),
    ),
    runs: Type.Optional(
      Type.String({ minLength: 1, description: "Folder of the runs, relative to this file; `runs` by default." }),
    ),
    device: Type.Optional(
      choice(
        "What computes; cpu by default. auto: the best device that works, found by a short test when the run is started. cuda: an NVIDIA card without Vulkan, once CUDA support is installed.",
        ...DEVICE_CHOICES,
      ),
    ),
    threads: Type.Optional(
      Type.Integer({ minimum: 1, description: "Threads of the CPU device; all cores by default." }),
    ),
    seed: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 4294967295, description: "Of everything random; 0 by default." }),
    ),
    settings: Type.Optional(Type.Unsafe<SettingsChange>(SettingsOverride)),
    sweep: Type.Optional(SweepPlan),
  },
  { $id: "experiment", ...strict },
);

export type PresetName = Static<typeof PresetName>;
export type ScaleName = Static<typeof ScaleName>;
export type Settings = Static<typeof ResolvedSettings>;
export type CurriculumMode = Settings["curriculum"]["mode"];
export type SweepPlan = Static<typeof SweepPlan>;
export type ExperimentFile = Static<typeof ExperimentFile>;

/** An experiment with nothing left open: absolute paths, every setting. Frozen, and stored with the run. */
export interface ResolvedExperiment {
  name: string;
  preset: PresetName;
  scale: ScaleName;
  file: string;
  model: string;
  /** The PEFT adapter that training starts from, where there is one. */
  initialAdapter?: string | undefined;
  tools: string[];
  train: string;
  heldOut: string | undefined;
  demonstrations: string | undefined;
  /** Folder of the researcher's own replacements; it need not be there. */
  replacements: string;
  /** The researcher's own reward, where the settings name one. */
  rewardFile?: string | undefined;
  /** What answers the calls of episodes; files that exist. */
  environment?: { functions?: string; results?: string };
  /** File of trajectories; it need not be there. */
  trajectories?: string;
  runs: string;
  /** As it was asked for; what became of "auto" stands in the run's plan. */
  device: DeviceChoice;
  threads: number;
  seed: number;
  settings: Settings;
  /** Memory settings that the file itself has: planning leaves them as they are. */
  set?: MemorySetting[];
}
