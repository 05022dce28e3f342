/**
 * The conversation between the view of curves and the worker that reads stores for it. The view asks for each run what was
 * written since it last asked; nothing is told unasked, so that nothing can be missed.
 */
import { type Static, Type } from "@sinclair/typebox";
import { Check } from "@sinclair/typebox/value";
import { Accuracy } from "./accuracy.ts";
import type { Moment } from "./protocol.ts";
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

/** Most steps of one answer. */
export const MOST_STEPS = 2000;

/** Tools and categories that are told one by one, those that were chosen or asked most; the other tools are summed up. */
export const MOST_TOOLS = 24;
export const MOST_CATEGORIES = 40;

/** Where the next answer goes on: what was written later than this revision, and all steps behind this one. */
export const CurveCursor = Type.Object({ revision: count, step: count }, strict);

/** Protocol's Moment names its words with `enum`, which Check does not look at. */
export const ShownMoment = literals("before", "between", "after") satisfies { static: Static<typeof Moment> };

/** A published number that means the same as a curve: a line across its chart. */
export const CurveReference = Type.Object(
  { chart: literals("hard"), label: text, value: Type.Number(), source: text },
  strict,
);

const share = Type.Number({ minimum: 0, maximum: 1 });
const bits = Type.Number({ minimum: 0 });

/** Which tools a policy chose in episodes that it played. */
const Chosen = Type.Object(
  {
    shares: Type.Array(share, {
      maxItems: MOST_TOOLS + 1,
      description: "In the order of the run's tools; of all others together last, where there are others.",
    }),
    entropyBits: bits,
    entropyBitsPerQuestion: bits,
  },
  strict,
);

/** What an evaluation has beside its accuracy where the policy played episodes. */
const PlayedEpisodes = Type.Object(
  {
    chosen: Chosen,
    /** Of the turns, those that were no choice. */
    unreadable: share,
    categories: Type.Record(text, Type.Object({ accuracy: Accuracy, chosen: Chosen }, strict)),
  },
  strict,
);

/** Of a run of episodes. */
const EpisodeFacts = Type.Object(
  {
    heldOut: Type.Boolean({ description: "Whether it has held-out questions to play." }),
    tools: Type.Array(orNull(text), {
      maxItems: MOST_TOOLS,
      description: "Whose shares are known, plain reasoning being null; empty before the first evaluation.",
    }),
    otherTools: count,
  },
  strict,
);

export const CurvePart = Type.Object(
  {
    state: ShownState,
    lastStep: Type.Integer({ minimum: 0, description: "Last complete step of the run." }),
    plannedSteps: count,
    cursor: CurveCursor,
    more: Type.Boolean({ description: "Further steps follow at once." }),
    from: Type.Integer({ minimum: 0, description: "What the view knows of this step and later ones is void." }),
    steps: Type.Array(number, { maxItems: MOST_STEPS }),
    series: Type.Record(Type.String(), Type.Array(orNull(Type.Number())), {
      description: "Values by name, one for each of the steps; null where it has none or was not a number.",
    }),
    evaluations: Type.Array(
      Type.Object({ step: count, moment: ShownMoment, accuracy: Accuracy, episodes: orNull(PlayedEpisodes) }, strict),
    ),
    episodes: orNull(EpisodeFacts),
    probes: Type.Array(Type.Object({ step: count, moment: ShownMoment, hard: count, rows: count }, strict)),
    rounds: Type.Array(Type.Object({ round: number, step: count, hard: count }, strict)),
    references: Type.Array(CurveReference),
  },
  strict,
);

export const curveRequests = {
  read: {
    params: Type.Object({ run: Type.String({ description: "Its folder." }), after: CurveCursor }, strict),
    result: CurvePart,
  },
} as const satisfies Methods;

const Run = Type.Object({ folder: text, title: text }, strict);

/** Formats of an export, and the most characters it may have. */
export const ExportFormat = literals("png", "csv");
export const mostExported = 100_000_000;

export const CurvesMessage = Type.Union([
  ...requestSchemas(curveRequests),
  /** For the panel alone, as those below: the view has begun to listen. */
  Type.Object({ kind: kind("here") }, strict),
  Type.Object({ kind: kind("openStep"), run: text, step: number }, strict),
  /** PNG as base64, CSV as text. */
  Type.Object({ kind: kind("save"), format: ExportFormat, data: Type.String({ maxLength: mostExported }) }, strict),
]);

export const CurvesHostMessage = Type.Union([
  ...replySchemas(curveRequests),
  Refusal,
  Problem,
  /** By the panel: the runs there are, which may be laid over one another. */
  Type.Object({ kind: kind("runs"), runs: Type.Array(Run) }, strict),
]);

export type CurveCursor = Static<typeof CurveCursor>;
export type CurvePart = Static<typeof CurvePart>;
export type Chosen = Static<typeof Chosen>;
export type PlayedEpisodes = Static<typeof PlayedEpisodes>;
export type EpisodeFacts = Static<typeof EpisodeFacts>;
export type CurveReference = Static<typeof CurveReference>;
export type CurveRun = Static<typeof Run>;
export type ExportFormat = Static<typeof ExportFormat>;
export type CurveRequest = RequestOf<typeof curveRequests>;
export type CurvesMessage =
  | CurveRequest
  | { kind: "here" }
  | { kind: "openStep"; run: string; step: number }
  | { kind: "save"; format: ExportFormat; data: string };
export type CurvesHostMessage = ReplyOf<typeof curveRequests> | Refusal | Problem | { kind: "runs"; runs: CurveRun[] };

export const isCurvesMessage = (value: unknown): value is CurvesMessage => Check(CurvesMessage, value);
export const isCurvesHostMessage = (value: unknown): value is CurvesHostMessage => Check(CurvesHostMessage, value);
