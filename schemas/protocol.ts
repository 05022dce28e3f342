/**
 * The conversation between a training server and its clients (command line, editor): JSON-RPC over a local socket.
 * A client says hello with its token first. Every message is checked against these schemas on both ends.
 */
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { Accuracy } from "./accuracy.ts";
import { EpisodeChoices } from "./choices.ts";
import { count, literals, strict } from "./fields.ts";
import { judgingNotifications, judgingRequests } from "./judging.ts";
import { TryAnswer, TryEvent, TryId, TryRequest } from "./tries.ts";

/** Changes when an older client would misread a newer server. */
export const PROTOCOL_VERSION = 3;

const share = Type.Number({ minimum: 0, maximum: 1 });
const nothing = Type.Object({}, strict);
const orNull = <T extends TSchema>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description });

/** `running` to `stopping` are states of a live run; the others are how it ended. */
export const RunState = literals("running", "pausing", "paused", "stopping", "finished", "stopped", "failed");

/** What a live run is doing. */
export const Activity = literals(
  "starting",
  "evaluating",
  "probing",
  /** Choosing few-shots for hard rows, and verifying them. */
  "constructing",
  "sampling",
  /** Scoring the stored turns with the policy as an epoch begins. */
  "freezing",
  "updating",
  "saving",
  "exporting",
  "recovering",
);

/** Where in the run an evaluation or a probe stands. */
export const Moment = literals("before", "between", "after");

/**
 * What one step came to. Means are over completions unless said otherwise; log-probabilities are in nats.
 * What only sampled completions have is null in supervised training.
 */
export const StepMetrics = Type.Object(
  {
    loss: Type.Number({ description: "Mean over the optimizer steps of this step; 0 where none was taken." }),
    gradNorm: Type.Number({ description: "Global L2 norm before clipping, mean over the optimizer steps." }),
    learningRate: Type.Number({ description: "Of the last optimizer step." }),
    optimizerSteps: count,
    skippedOptimizerSteps: Type.Integer({
      minimum: 0,
      description: "Mini-batches none of whose groups had anything to teach.",
    }),
    lossScale: orNull(
      Type.Number(),
      "What the loss was multiplied with in the last optimizer step; null where products are float32.",
    ),
    overflowedOptimizerSteps: orNull(
      Type.Integer({ minimum: 0 }),
      "Optimizer steps left out because a gradient was not finite with its loss scale; null where products are float32.",
    ),
    rewardMean: orNull(Type.Number()),
    rewardStd: orNull(Type.Number({ description: "Over all completions of the step, ddof 1." })),
    rewardParts: Type.Record(Type.String(), Type.Number(), { description: "Mean of each part of the reward." }),
    accuracy: orNull(share, "Share of completions that are right."),
    zeroVarianceGroups: orNull(share, "Share of groups all of whose rewards are equal."),
    allWrongGroups: orNull(share, "Share of groups without a right completion."),
    allRightGroups: orNull(share, "Share of groups without a wrong completion."),
    clippedLow: orNull(share, "Share of updated tokens whose ratio lay below 1 - eps_low with A < 0."),
    clippedHigh: orNull(share, "Share of updated tokens whose ratio lay above 1 + eps_high with A > 0."),
    samplerKl: orNull(Type.Number(), "KL of the sampling policy to the policy at each update, k3 estimator."),
    samplerGapMean: orNull(
      Type.Number({ minimum: 0 }),
      "Mean over tokens of |logp_train - logp_sampler| of one policy, before the first update on them.",
    ),
    samplerGapMax: orNull(Type.Number({ minimum: 0 }), "The largest of them."),
    samplerGapKl: orNull(Type.Number(), "KL of the sampler to the trainer, k3 estimator."),
    samplerGapOutside: orNull(share, "Share of these tokens with pi_train / pi_sampler outside [1/2, 2]."),
    referenceKl: orNull(
      Type.Number(),
      "KL of the sampling policy to the reference policy, k3 estimator; null without a KL term.",
    ),
    entropy: orNull(
      Type.Number(),
      "Mean entropy of the sampling distributions, over tokens; of the policy at each update, where stored turns are learnt.",
    ),
    valueLoss: orNull(Type.Number({ minimum: 0 }), "The value's part of the loss, before its coefficient."),
    explainedVariance: orNull(
      Type.Number(),
      "Share of the returns' variance that the values account for; null where the returns do not vary.",
    ),
    valueClipped: orNull(share, "Share of values that have moved further than their clip lets count."),
    epochs: orNull(Type.Number({ minimum: 0 }), "Passes over the stored turns after this step."),
    tokensMean: Type.Number({ description: "Tokens of a completion, the end-of-sequence token included." }),
    tokensMax: count,
    truncated: orNull(share, "Share of completions cut at the length limit."),
    hardRows: orNull(count, "Rows still hard after this step; null where none were probed."),
    fewShotGroups: orNull(count, "Groups drawn with the few-shots that the round chose."),
    editedGroups: orNull(count, "Groups drawn with a researcher's edit."),
    examples: orNull(Type.Number(), "Mean number of examples in a completion; null where the prompt asks for none."),
    nearDuplicateExamples: orNull(share, "Share of the examples that repeat another one of their completion."),
    windowReward: orNull(Type.Number(), "Mean reward over the sliding window that ends with this step."),
    windowVariance: orNull(Type.Number(), "Variance, ddof 1, of the steps' mean rewards in the window."),
    largestDrop: orNull(Type.Number(), "Largest loss of windowReward from its best value so far."),
    stepsToTarget: orNull(count, "First step whose windowReward reached the target; null before it."),
    entropyDrift: orNull(Type.Number(), "Mean entropy over the window, less that of the first full window."),
    lengthDrift: orNull(
      Type.Number(),
      "Mean tokens of a completion over the window, less those of the first full window.",
    ),
    collapsed: orNull(Type.Integer({ minimum: 0, maximum: 1 }), "1 while the collapse rule holds."),
    samplingTokensPerSecond: orNull(Type.Number()),
    updateTokensPerSecond: orNull(Type.Number()),
    milliseconds: Type.Number({ minimum: 0, description: "Time the step took, pauses left out." }),
  },
  strict,
);

export const StepEvent = Type.Object(
  { step: Type.Integer({ minimum: 1 }), steps: count, metrics: StepMetrics, secondsLeft: orNull(Type.Number()) },
  strict,
);

export const EvaluationEvent = Type.Object(
  {
    step: count,
    moment: Moment,
    accuracy: Accuracy,
    categories: Type.Record(Type.String(), Accuracy),
    truncated: count,
    /** Completions that hold no well-formed call where one was due, or broken markup. */
    malformed: count,
    /** Where the policy played episodes; `rows` of accuracies are then episodes, and `truncated` counts those that found no end. */
    choices: Type.Optional(EpisodeChoices),
  },
  strict,
);

export const ProbeEvent = Type.Object(
  {
    step: count,
    moment: Moment,
    rows: count,
    hard: count,
    rollouts: Type.Integer({ minimum: 1, description: "Rollouts of a row at most." }),
    /** Counts of a fast probe are not those that papers publish. */
    mode: literals("full", "fast"),
    skipped: Type.Integer({ minimum: 0, description: "Rows that training had solved since the last probe." }),
    drawn: Type.Integer({ minimum: 0, description: "Rollouts drawn." }),
    saved: Type.Integer({ minimum: 0, description: "Rollouts that a full probe would have drawn besides." }),
  },
  strict,
);

/** Rows that a probe has just found hard, while it goes on. */
export const HardEvent = Type.Object(
  {
    step: count,
    moment: Moment,
    samples: Type.Array(Type.String(), { description: "Ids of those found since the last such event." }),
    hard: Type.Integer({ minimum: 0, description: "Found by this probe so far." }),
    probed: Type.Integer({ minimum: 0, description: "Rows that this probe is done with." }),
    rows: Type.Integer({ minimum: 0, description: "Rows that it looks at." }),
  },
  strict,
);

/** A round of hard sampling at its beginning; counts are of rows. */
export const RoundEvent = Type.Object(
  {
    round: Type.Integer({ minimum: 1 }),
    step: Type.Integer({ minimum: 0, description: "Last complete step before it." }),
    steps: Type.Integer({ minimum: 1, description: "Steps it has, where the run does not end before." }),
    hard: count,
    fewShots: Type.Integer({ minimum: 0, description: "Got few-shots." }),
    noCandidates: Type.Integer({ minimum: 0, description: "Whose tools no other row uses with another answer." }),
    unverified: Type.Integer({ minimum: 0, description: "For which no choice of demonstrations worked or fits." }),
    added: Type.Integer({ minimum: 0, description: "Drawn with few-shots besides raw." }),
    easy: count,
    retired: count,
    newlyHard: Type.Integer({ minimum: 0, description: "Easy in the probe before." }),
    hardAgain: Type.Integer({ minimum: 0, description: "Retired before." }),
    edited: count,
    excluded: count,
    attempts: Type.Integer({ minimum: 0, description: "Choices of demonstrations that were made." }),
    rollouts: Type.Integer({ minimum: 0, description: "Rollouts that verifying them took." }),
  },
  strict,
);

/** What became of a researcher's edit. */
export const EditEvent = Type.Object(
  {
    file: Type.String({ description: "Name of the file in replacements/." }),
    sample: orNull(Type.String()),
    action: literals("fewshot", "exclude", "fixGold", "automatic", "refused"),
    step: Type.Integer({ minimum: 1, description: "First step that may use it." }),
    reason: orNull(Type.String(), "Why it was refused; the last valid version stays in force."),
  },
  strict,
);

/** A step drew a sample as the researcher edited it. */
export const EditUsedEvent = Type.Object(
  { step: Type.Integer({ minimum: 1 }), sample: Type.String(), rollouts: count, correct: count },
  strict,
);

/** The mean reward has collapsed by the rule of settings.stability. */
export const CollapseEvent = Type.Object(
  { step: Type.Integer({ minimum: 1 }), windowReward: Type.Number(), best: Type.Number(), paused: Type.Boolean() },
  strict,
);

/** How far the present activity is; may be lost without harm. */
export const ProgressEvent = Type.Object(
  { activity: Activity, moment: Type.Optional(Moment), done: count, total: count },
  strict,
);

export const LogEvent = Type.Object({ level: literals("info", "warning", "error"), message: Type.String() }, strict);

const StateFields = {
  state: RunState,
  activity: Activity,
  step: Type.Integer({ minimum: 0, description: "Last complete step." }),
  steps: count,
  /** Whether the run pauses at the next row that a probe finds hard. */
  pauseOnHard: Type.Boolean(),
  pausedOn: orNull(Type.String(), "Id of the hard sample that the run paused on, until it goes on."),
  /** Why it failed or how to go on, one sentence. */
  message: Type.Optional(Type.String()),
  /** True where it failed by a fault of ours and not of its input. */
  defect: Type.Optional(Type.Boolean()),
};
export const StateEvent = Type.Object(StateFields, strict);

/** All a client needs to show a run it attaches to. */
export const Snapshot = Type.Object(
  {
    ...StateFields,
    folder: Type.String(),
    name: Type.String(),
    preset: Type.String(),
    device: Type.String(),
    threads: count,
    pid: count,
    /** 0 while no engine process lives. */
    enginePid: count,
    startedAt: Type.String({ description: "Of this server, ISO 8601." }),
    secondsLeft: orNull(Type.Number()),
    latest: orNull(StepEvent),
    evaluations: Type.Object(
      { before: Type.Optional(EvaluationEvent), latest: Type.Optional(EvaluationEvent) },
      strict,
    ),
    probes: Type.Object({ before: Type.Optional(ProbeEvent), after: Type.Optional(ProbeEvent) }, strict),
    hardRows: orNull(count),
    round: orNull(RoundEvent, "The round that is open."),
    hardByRound: Type.Array(count, { description: "Hard rows of each round so far, first round first." }),
  },
  strict,
);

export const Hello = Type.Object({ protocol: Type.Integer(), token: Type.String({ maxLength: 256 }) }, strict);
export const Welcome = Type.Object({ protocol: Type.Integer() }, strict);

/** Requests of a client, by method. */
export const requests = {
  hello: { params: Hello, result: Welcome },
  /** From here on the client is sent the notifications. */
  attach: { params: nothing, result: Snapshot },
  status: { params: nothing, result: Snapshot },
  pause: { params: nothing, result: StateEvent },
  resume: { params: nothing, result: StateEvent },
  /** Takes a checkpoint, then ends the run so that it can be resumed. */
  stop: { params: nothing, result: StateEvent },
  /** Once: the run pauses where a probe finds the next hard row. Answers whether it will, or else why not. */
  pauseOnHard: {
    params: Type.Object({ on: Type.Boolean() }, strict),
    result: Type.Object({ on: Type.Boolean(), reason: orNull(Type.String()) }, strict),
  },
  /** Files of replacements/ as the client sees them; null is a file that is gone. The next step may use what is accepted. */
  replacements: {
    params: Type.Object(
      {
        files: Type.Array(
          Type.Object(
            { file: Type.String({ maxLength: 255 }), text: orNull(Type.String({ maxLength: 1_000_000 })) },
            strict,
          ),
          { maxItems: 10_000 },
        ),
      },
      strict,
    ),
    result: Type.Object({ edits: Type.Array(EditEvent) }, strict),
  },
  /** Draws rollouts of an edit between two calls of the engine, also while the run is paused; `try` tells this client of them. */
  try: { params: TryRequest, result: TryAnswer },
  /** Breaks a try off that waits or draws. One that has ended stays as it is. */
  cancelTry: { params: Type.Object({ id: TryId }, strict), result: nothing },
  /** Of a process that generates trajectories alone, as those above are of a run's server. */
  ...judgingRequests,
} as const satisfies Record<string, { params: TSchema; result: TSchema }>;

/** Notifications of the server, by method. */
export const notifications = {
  state: StateEvent,
  step: StepEvent,
  evaluation: EvaluationEvent,
  probe: ProbeEvent,
  hard: HardEvent,
  round: RoundEvent,
  edit: EditEvent,
  editUsed: EditUsedEvent,
  try: TryEvent,
  collapse: CollapseEvent,
  progress: ProgressEvent,
  log: LogEvent,
  ...judgingNotifications,
} as const satisfies Record<string, TSchema>;

/** `server.json` in the run folder, there only while the run lives. */
export const ServerFile = Type.Object(
  {
    pid: Type.Integer({ minimum: 1 }),
    /** What the system says of the process's start, so that another process with the same pid is not taken for it; empty where unknown. */
    started: Type.String(),
    hostname: Type.String(),
    socket: Type.String(),
  },
  strict,
);

/** Codes of JSON-RPC errors of our own. */
export const ProtocolError = { notWelcome: -32001, badMessage: -32602 } as const;

export type RunState = Static<typeof RunState>;
export type Activity = Static<typeof Activity>;
export type Moment = Static<typeof Moment>;
export type StepMetrics = Static<typeof StepMetrics>;
export type StepEvent = Static<typeof StepEvent>;
export type EvaluationEvent = Static<typeof EvaluationEvent>;
export type ProbeEvent = Static<typeof ProbeEvent>;
export type HardEvent = Static<typeof HardEvent>;
export type RoundEvent = Static<typeof RoundEvent>;
export type EditEvent = Static<typeof EditEvent>;
export type EditUsedEvent = Static<typeof EditUsedEvent>;
export type CollapseEvent = Static<typeof CollapseEvent>;
export type ProgressEvent = Static<typeof ProgressEvent>;
export type LogEvent = Static<typeof LogEvent>;
export type StateEvent = Static<typeof StateEvent>;
export type Snapshot = Static<typeof Snapshot>;
export type ServerFile = Static<typeof ServerFile>;
export type RequestName = keyof typeof requests;
export type NotificationName = keyof typeof notifications;
export type RequestParams<M extends RequestName> = Static<(typeof requests)[M]["params"]>;
export type RequestResult<M extends RequestName> = Static<(typeof requests)[M]["result"]>;
export type Notification<M extends NotificationName> = Static<(typeof notifications)[M]>;
