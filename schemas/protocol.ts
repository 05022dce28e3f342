/**
 * The conversation between a training server and its clients (command line, editor): JSON-RPC over a local socket.
 * A client says hello with its token first. Every message is checked against these schemas on both ends.
 */
import { type Static, type TSchema, Type } from "@sinclair/typebox";

/** Changes when an older client would misread a newer server. */
export const PROTOCOL_VERSION = 1;

const strict = { additionalProperties: false } as const;
const literals = <const T extends string[]>(...values: T) => Type.Unsafe<T[number]>({ type: "string", enum: values });
const count = Type.Integer({ minimum: 0 });
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
  "sampling",
  "updating",
  "saving",
  "exporting",
  "recovering",
);

/** Where in the run an evaluation or a probe stands. */
export const Moment = literals("before", "between", "after");

/** A proportion of rows with its Wilson 95 % interval. */
export const Accuracy = Type.Object({ rows: count, correct: count, value: share, low: share, high: share }, strict);

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
    referenceKl: orNull(
      Type.Number(),
      "KL of the sampling policy to the reference policy, k3 estimator; null without a KL term.",
    ),
    entropy: orNull(Type.Number(), "Mean entropy of the sampling distributions, over tokens."),
    tokensMean: Type.Number({ description: "Tokens of a completion, the end-of-sequence token included." }),
    tokensMax: count,
    truncated: orNull(share, "Share of completions cut at the length limit."),
    hardRows: orNull(count, "Rows still hard after this step; null where none were probed."),
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
  },
  strict,
);

export const ProbeEvent = Type.Object(
  { step: count, moment: Moment, rows: count, hard: count, rollouts: Type.Integer({ minimum: 1 }) },
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
} as const satisfies Record<string, { params: TSchema; result: TSchema }>;

/** Notifications of the server, by method. */
export const notifications = {
  state: StateEvent,
  step: StepEvent,
  evaluation: EvaluationEvent,
  probe: ProbeEvent,
  progress: ProgressEvent,
  log: LogEvent,
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
export type Accuracy = Static<typeof Accuracy>;
export type StepMetrics = Static<typeof StepMetrics>;
export type StepEvent = Static<typeof StepEvent>;
export type EvaluationEvent = Static<typeof EvaluationEvent>;
export type ProbeEvent = Static<typeof ProbeEvent>;
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
