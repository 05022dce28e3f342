/**
 * A run on disk: `run.json`, the record of what was run and how it ended, and the rows of `run.sqlite`. `server.json`,
 * which is there only while the run lives, is described with the conversation it leads to (protocol.ts).
 */
import { type Static, Type } from "@sinclair/typebox";
import { RunPlan } from "./devices.ts";
import {
  DEVICE_CHOICES,
  MEMORY_SETTINGS,
  PresetName,
  type ResolvedExperiment,
  ResolvedSettings,
  ScaleName,
} from "./experiment.ts";
import { count, literals, strict, text } from "./fields.ts";

/** Changes when an older version would misread a newer record. */
export const RUN_FORMAT = 6;

/** How far a run came. `running` with no live server means that it was cut off and can be resumed. */
export const RecordedState = literals("running", "paused", "finished", "stopped", "failed");

const Experiment = Type.Unsafe<ResolvedExperiment>(
  Type.Object(
    {
      name: text,
      preset: PresetName,
      scale: ScaleName,
      file: text,
      model: text,
      initialAdapter: Type.Optional(text),
      tools: Type.Array(text),
      train: text,
      heldOut: Type.Optional(text),
      demonstrations: Type.Optional(text),
      replacements: text,
      rewardFile: Type.Optional(text),
      environment: Type.Optional(Type.Object({ functions: Type.Optional(text), results: Type.Optional(text) }, strict)),
      trajectories: Type.Optional(text),
      runs: text,
      device: literals(...DEVICE_CHOICES),
      threads: Type.Integer({ minimum: 1 }),
      seed: count,
      settings: ResolvedSettings,
      set: Type.Optional(Type.Array(literals(...MEMORY_SETTINGS))),
    },
    strict,
  ),
);

/** What computed the run: equal on the CPU means equal to the bit. */
export const RecordedEngine = Type.Object(
  {
    device: text,
    threads: count,
    parameters: Type.Integer({ minimum: 0, description: "Of the policy, those of an adapter included." }),
    trained: Type.Integer({ minimum: 0, description: "Parameters that training changes; the others are frozen." }),
    vocabulary: count,
    architecture: text,
    runtime: Type.String({ description: "Version of the runtime that computes." }),
    bitwiseReproducible: Type.Boolean(),
  },
  strict,
);

export const InputFile = Type.Object(
  { file: text, sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }), bytes: count },
  strict,
);

/** `run.json`. */
export const RunRecord = Type.Object(
  {
    format: Type.Literal(RUN_FORMAT),
    id: Type.String({ description: "Name of the run folder at its creation." }),
    name: text,
    created: Type.String({ description: "ISO 8601, UTC." }),
    experiment: Experiment,
    /** Absent where an earlier version began the run. */
    plan: Type.Optional(RunPlan),
    versions: Type.Object({ product: text, node: text, onnxruntime: text }, strict),
    /** Absent until the engine first stood. */
    engine: Type.Optional(RecordedEngine),
    inputs: Type.Array(InputFile, { description: "Every file the run read, as it was at the start." }),
    state: RecordedState,
    /** Last start of a server for this run, and the moment it ended; no `ended` while it runs. */
    started: Type.String({ description: "ISO 8601, UTC." }),
    ended: Type.Optional(Type.String({ description: "ISO 8601, UTC." })),
    /** One sentence: why it failed, or how to go on. */
    message: Type.Optional(text),
    /** True where it failed by a fault of ours and not of its input. */
    defect: Type.Optional(Type.Boolean()),
    /** Final numbers by name, as accuracy before and after. */
    results: Type.Optional(Type.Record(Type.String(), Type.Number())),
  },
  strict,
);

/** What a rollout was drawn for: only those of `train` teach. */
export const RolloutPhase = literals("train", "evaluation", "probe");

/** `malformed`: the markup around the calls is broken; `wrong`: well formed, and not the gold calls. */
export const Outcome = literals("correct", "wrong", "malformed");

/** Where a rollout stands; also the cursor of a page. Pages are ordered by step, phase, group and rollout. */
const position = {
  step: Type.Integer({ minimum: 0, description: "Step it was drawn in; outside training, the last complete step." }),
  phase: RolloutPhase,
  group: Type.Integer({ minimum: 0, description: "Place of its prompt among those of the step." }),
  rollout: Type.Integer({ minimum: 0, description: "Index within the group." }),
};
export const RolloutPosition = Type.Object(position, strict);

/** Tokens and log-probabilities are read one rollout at a time, and prompts by their hash. */
export const RolloutRow = Type.Object(
  {
    ...position,
    sample: text,
    promptHash: Type.String({ description: "SHA-256 of the prompt's text, hexadecimal." }),
    completion: text,
    length: Type.Integer({ minimum: 0, description: "Tokens, the end-of-sequence token included." }),
    truncated: Type.Boolean(),
    entropy: Type.Union([Type.Number(), Type.Null()], { description: "Mean over its tokens, nats." }),
    reward: Type.Number(),
    parts: Type.Record(Type.String(), Type.Number()),
    reason: text,
    advantage: Type.Union([Type.Number(), Type.Null()], { description: "Null outside training." }),
    outcome: Outcome,
  },
  strict,
);

/** A value that was not a number (a diverged loss) is null; one that does not apply is absent. */
const series = Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]));

export const StepRow = Type.Object(
  {
    step: Type.Integer({ minimum: 1 }),
    metrics: Type.Unsafe<Record<string, number | null>>({ ...series, description: "Functions of the seed." }),
    timings: Type.Unsafe<Record<string, number | null>>({ ...series, description: "Not functions of the seed." }),
  },
  strict,
);

export const SampleStateRow = Type.Object(
  { sample: text, step: count, state: text, detail: Type.Record(Type.String(), Type.Unknown()) },
  strict,
);

/** One sample of one probe; hard is a sample with no correct rollout. */
export const ProbeRow = Type.Object(
  { step: count, moment: text, sample: text, rollouts: count, correct: count },
  strict,
);

export const EventRow = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1, description: "Rises with every event and every replaced one." }),
    step: count,
    kind: text,
    time: Type.String({ description: "ISO 8601, UTC." }),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  strict,
);

/** How many there are of what, over the steps of training. */
export const RunCounts = Type.Object(
  { steps: count, lastStep: count, rollouts: count, correct: count, malformed: count, truncated: count, tokens: count },
  strict,
);

export type RecordedState = Static<typeof RecordedState>;
export type RecordedEngine = Static<typeof RecordedEngine>;
export type InputFile = Static<typeof InputFile>;
export type RunRecord = Static<typeof RunRecord>;
export type RolloutPhase = Static<typeof RolloutPhase>;
export type Outcome = Static<typeof Outcome>;
export type RolloutPosition = Static<typeof RolloutPosition>;
export type RolloutRow = Static<typeof RolloutRow>;
export type StepRow = Static<typeof StepRow>;
export type SampleStateRow = Static<typeof SampleStateRow>;
export type ProbeRow = Static<typeof ProbeRow>;
export type EventRow = Static<typeof EventRow>;
export type RunCounts = Static<typeof RunCounts>;
