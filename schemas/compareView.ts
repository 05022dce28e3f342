/**
 * The conversation between the view that compares runs and the worker that reads their stores. The first of the runs is
 * the one that the others are compared with. Nothing is told unasked. Curves are asked for as the view of curves does.
 */
import { type Static, Type } from "@sinclair/typebox";
import { Check } from "@sinclair/typebox/value";
import { Accuracy } from "./accuracy.ts";
import { MOST_RUNS, MOST_SAMPLES } from "./compareLimits.ts";
import { curveRequests, ExportFormat, mostExported, ShownMoment } from "./curvesView.ts";
import {
  count,
  kind,
  literals,
  type Methods,
  number,
  orNull,
  Problem,
  Refusal,
  type ReplyOf,
  type RequestOf,
  replySchemas,
  requestSchemas,
  ShownState,
  strict,
  text,
} from "./viewMessages.ts";

/** Which rows: held-out ones, in the newest evaluation; or those that are trained on, in the newest probe that asked all. */
export const RowSource = literals("heldOut", "training");

const HeldOut = Type.Object(
  {
    step: count,
    moment: ShownMoment,
    accuracy: Accuracy,
    truncated: count,
    malformed: count,
    categories: Type.Record(text, Accuracy),
  },
  strict,
);

const Probed = Type.Object({ step: count, moment: ShownMoment, rows: count, hard: count }, strict);

export const ComparedRun = Type.Object(
  {
    folder: text,
    /** One sentence why it cannot be read; what follows is then empty. */
    problem: orNull(text),
    state: orNull(ShownState),
    lastStep: count,
    plannedSteps: count,
    heldOut: Type.Object({ before: orNull(HeldOut), newest: orNull(HeldOut) }, strict),
    probed: orNull(Probed),
  },
  strict,
);

/** One key whose value differs; `standard`: it is what the run's own preset says at its scale. */
export const ConfigurationRow = Type.Object(
  {
    key: Type.String({ description: "Path of keys, as settings.objective.beta." }),
    /** One for each run; null where it has none. */
    values: Type.Array(orNull(Type.Object({ text, standard: Type.Boolean() }, strict))),
  },
  strict,
);

const signedShare = Type.Number({ minimum: -1, maximum: 1 });

/** A run against the first one, on the rows that both were asked; the first's share is subtracted. */
export const PairedDifference = Type.Object(
  {
    rows: number,
    both: count,
    onlyFirst: count,
    onlySecond: count,
    neither: count,
    difference: signedShare,
    low: signedShare,
    high: signedShare,
    p: Type.Number({ minimum: 0, maximum: 1, description: "McNemar's exact test, two-sided." }),
  },
  strict,
);

/** `note`: what to know of the pairing, or why there is none. */
const Pairing = Type.Object({ paired: orNull(PairedDifference), note: orNull(text) }, strict);

/** What came of a row: how many of its rollouts were correct; `mark` where there was one, as a list marks it. */
const RowOutcome = Type.Object({ correct: count, rollouts: count, mark: orNull(literals("c", "w", "m", "t")) }, strict);

export const DifferingSample = Type.Object(
  {
    sample: text,
    query: Type.String({ description: "What its user asks, shortened; empty where it is not known." }),
    first: RowOutcome,
    second: RowOutcome,
  },
  strict,
);

export const SolvedBy = literals("any", "first", "second");

const runs = Type.Array(text, { minItems: 2, maxItems: MOST_RUNS, description: "Their folders." });

export const compareRequests = {
  overview: {
    params: Type.Object({ runs }, strict),
    result: Type.Object(
      {
        runs: Type.Array(ComparedRun),
        configuration: Type.Array(ConfigurationRow),
        /** Keys whose values are equal in all runs. */
        equal: count,
        /** For each run against the first, which has null. */
        heldOut: Type.Array(orNull(Pairing)),
        training: Type.Array(orNull(Pairing)),
      },
      strict,
    ),
  },
  samples: {
    params: Type.Object(
      {
        runs: Type.Tuple([text, text]),
        source: RowSource,
        solvedBy: SolvedBy,
        start: count,
        count: Type.Integer({ minimum: 1, maximum: MOST_SAMPLES }),
      },
      strict,
    ),
    result: Type.Object(
      {
        total: count,
        start: count,
        rows: Type.Array(DifferingSample, { maxItems: MOST_SAMPLES }),
        /** Steps at which the two were asked. */
        steps: Type.Tuple([count, count]),
      },
      strict,
    ),
  },
  read: curveRequests.read,
} as const satisfies Methods;

export const CompareMessage = Type.Union([
  ...requestSchemas(compareRequests),
  /** For the panel alone, as those below: other runs are wanted. */
  Type.Object({ kind: kind("choose") }, strict),
  Type.Object({ kind: kind("openStep"), run: text, step: number }, strict),
  /** The rollouts of a sample as they were counted. */
  Type.Object({ kind: kind("openSample"), run: text, source: RowSource, sample: text, step: count }, strict),
  /** What is exported; `name` says of what. PNG as base64, CSV as text. */
  Type.Object(
    {
      kind: kind("save"),
      name: literals("results", "configuration", "samples", "curves"),
      format: ExportFormat,
      data: Type.String({ maxLength: mostExported }),
    },
    strict,
  ),
]);

export const CompareHostMessage = Type.Union([...replySchemas(compareRequests), Refusal, Problem]);

export type RowSource = Static<typeof RowSource>;
export type SolvedBy = Static<typeof SolvedBy>;
export type HeldOut = Static<typeof HeldOut>;
export type Probed = Static<typeof Probed>;
export type ComparedRun = Static<typeof ComparedRun>;
export type ConfigurationRow = Static<typeof ConfigurationRow>;
export type PairedDifference = Static<typeof PairedDifference>;
export type Pairing = Static<typeof Pairing>;
export type RowOutcome = Static<typeof RowOutcome>;
export type DifferingSample = Static<typeof DifferingSample>;
export type Overview = Static<typeof compareRequests.overview.result>;
export type SamplesParams = Static<typeof compareRequests.samples.params>;
export type SamplesPage = Static<typeof compareRequests.samples.result>;
export type CompareRequest = RequestOf<typeof compareRequests>;
export type SavedPart = "results" | "configuration" | "samples" | "curves";
export type CompareMessage =
  | CompareRequest
  | { kind: "choose" }
  | { kind: "openStep"; run: string; step: number }
  | { kind: "openSample"; run: string; source: RowSource; sample: string; step: number }
  | { kind: "save"; name: SavedPart; format: ExportFormat; data: string };
export type CompareHostMessage = ReplyOf<typeof compareRequests> | Refusal | Problem;

export const isCompareMessage = (value: unknown): value is CompareMessage => Check(CompareMessage, value);
export const isCompareHostMessage = (value: unknown): value is CompareHostMessage => Check(CompareHostMessage, value);
