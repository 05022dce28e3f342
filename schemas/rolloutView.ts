/**
 * The conversation between the rollout view and the worker that reads the store for it. Both ends check every message
 * against these schemas, and any message may be lost, repeated or late without harm:
 *
 * - The view opens a list (`open`) and is told its number. A list is what one query gives, in order; the view holds the
 *   parts of it that it has looked at, and asks for others (`page`).
 * - What changes in the store reaches the view as `delta`s, numbered from 1 within their list. A view that finds a number
 *   missing opens the list anew from the store. `alive` tells the last number, so that a lost last delta shows too.
 * - The view acknowledges deltas. One that is far behind gets counts (`summary`) instead, which end its list: it opens a
 *   new one when it comes round to it.
 * - A query with a text is answered with what is known at once; what the search finds comes as deltas, and how far it is as
 *   `search`. The view may stop it and go on.
 * - A list that does not `follow` keeps its order: what is new is counted as `waiting`, and what was replaced changes in place.
 */
import { type Static, Type } from "@sinclair/typebox";
import { Check } from "@sinclair/typebox/value";
import { Accuracy } from "./accuracy.ts";
import type { Outcome, RolloutPhase } from "./run.ts";
import {
  count,
  kind,
  literals,
  type MethodOf,
  type Methods,
  number,
  orNull,
  type ParamsOf,
  Problem,
  Refusal,
  type ReplyOf,
  type RequestOf,
  type ResultOf,
  replySchemas,
  requestSchemas,
  ShownState,
  strict,
  text,
} from "./viewMessages.ts";

/** These name lists with `enum`, which Check does not look at. */
const phase = literals("train", "evaluation", "probe") satisfies { static: Static<typeof RolloutPhase> };
const outcome = literals("correct", "wrong", "malformed") satisfies { static: Static<typeof Outcome> };

/** Most rows that one message holds. */
export const MOST_ROWS = 500;

/** A view that has not acknowledged this many deltas is behind. */
export const MOST_UNACKNOWLEDGED = 8;

export const GroupKey = Type.Object({ step: count, phase, group: count }, strict);

/** One row of the view: a group of completions of one prompt. */
export const GroupRow = Type.Object(
  {
    step: count,
    phase,
    group: count,
    revision: Type.Integer({ minimum: 1, description: "Rises whenever the group is written again." }),
    sample: text,
    query: Type.String({ description: "What the user of the sample asks, shortened; empty where it is not known." }),
    marks: Type.String({
      pattern: "^[cwmt]*$",
      description: "For each completion: c correct, w wrong, m malformed, t truncated and not correct.",
    }),
    reward: Type.Number({ description: "Mean over the group." }),
    advantage: orNull(Type.Tuple([Type.Number(), Type.Number()], { description: "Lowest and highest." })),
    tools: Type.Array(text, { description: "Those of the gold calls first, then others that were called." }),
    goldTools: Type.Integer({ minimum: 0, description: "How many of the tools are of the gold calls." }),
  },
  strict,
);

/** `mixed`: some are correct and some are not, so that the group teaches something. */
export const OutcomeFilter = literals("any", "mixed", "allCorrect", "noneCorrect", "wrong", "malformed", "truncated");

export const SortOrder = literals(
  "newest",
  "oldest",
  "rewardUp",
  "rewardDown",
  "correctUp",
  "correctDown",
  "spreadDown",
  "sample",
);

export const TextScope = literals("anywhere", "prompt", "completion");

export const ListQuery = Type.Object(
  {
    text: Type.String({ maxLength: 200, description: "Part of a text, in any case; empty for no search." }),
    /** Where the text is looked for; `anywhere` is the sample's id and its query too. */
    within: TextScope,
    sample: Type.String({ description: "Id of the one sample that is wanted; empty for any." }),
    steps: orNull(Type.Tuple([count, count], { description: "First and last step that are wanted." })),
    tool: Type.String({ maxLength: 64, description: "A tool that is involved; empty for any." }),
    outcome: OutcomeFilter,
    phase: literals("any", "train", "evaluation", "probe"),
    sort: SortOrder,
  },
  strict,
);

/** All groups, the newest first. */
export const EVERYTHING = {
  text: "",
  within: "anywhere",
  sample: "",
  steps: null,
  tool: "",
  outcome: "any",
  phase: "any",
  sort: "newest",
} as const satisfies Static<typeof ListQuery>;

/** How a person left a view: kept by the panel, since the editor alone may lose it when a window is reloaded. */
export const KeptView = Type.Object(
  {
    turn: Type.Integer({ minimum: 0, description: "Rises with every change: of two, the higher is the later one." }),
    query: ListQuery,
    /** The first row that was seen; null at the top. */
    anchor: orNull(GroupKey),
    selected: orNull(GroupKey),
    /** Whether the selected group is open. */
    detail: Type.Boolean(),
  },
  strict,
);

export const RunHeader = Type.Object(
  {
    name: text,
    state: ShownState,
    message: Type.Union([text, Type.Null()]),
    step: count,
    steps: count,
    accuracy: Type.Object({ before: orNull(Accuracy), latest: orNull(Accuracy) }, strict),
    hardRows: Type.Object({ before: orNull(count), latest: orNull(count) }, strict),
    groups: count,
    rollouts: count,
    tools: Type.Array(text, { description: "Those involved anywhere in the run, sorted." }),
  },
  strict,
);

/** A gold call beside the call it is matched with; values are JSON, shortened. */
export const CallDifference = Type.Object(
  {
    name: text,
    status: literals("same", "different", "missing", "extra"),
    arguments: Type.Array(
      Type.Object(
        {
          path: Type.String({ description: "Keys and list positions, as `customer.name` or `labels[1]`." }),
          status: literals("same", "different", "missing", "extra"),
          expected: Type.Optional(text),
          found: Type.Optional(text),
        },
        strict,
      ),
    ),
    /** Arguments that were left out because there are too many. */
    more: count,
  },
  strict,
);

/** A text of any length: its first part, and how long it is in UTF-16 code units. */
export const TextPart = Type.Object({ from: count, text, total: count }, strict);

export const CompletionDetail = Type.Object(
  {
    rollout: count,
    mark: literals("c", "w", "m", "t"),
    outcome,
    truncated: Type.Boolean(),
    length: Type.Integer({ minimum: 0, description: "Tokens." }),
    entropy: orNull(Type.Number({ description: "Mean over its tokens, nats." })),
    reward: Type.Number(),
    parts: Type.Array(Type.Object({ name: text, value: Type.Number() }, strict)),
    reason: text,
    advantage: orNull(Type.Number()),
    completion: TextPart,
    /** Null where the gold calls are not known. */
    calls: orNull(Type.Array(CallDifference)),
  },
  strict,
);

export const GroupDetail = Type.Object(
  {
    row: GroupRow,
    query: orNull(text),
    prompt: TextPart,
    /** The gold calls as JSON, one a line; or why they are not known. */
    gold: Type.Union([
      Type.Object({ calls: Type.Array(text) }, strict),
      Type.Object({ problem: Type.String({ description: "One sentence." }) }, strict),
    ]),
    completions: Type.Array(CompletionDetail),
  },
  strict,
);

const rows = Type.Array(GroupRow, { maxItems: MOST_ROWS });

/** How far the search for the query's text has come: prompts and completions that were read, of all there were when it began. */
export const SearchState = Type.Object({ read: count, of: count, going: literals("on", "stopped", "ended") }, strict);

/** Requests of the view, by method. */
export const viewRequests = {
  /** Opens a list, in place of the one that was open; also the way back from anything that went wrong. */
  open: {
    params: Type.Object(
      {
        query: ListQuery,
        follow: Type.Boolean(),
        count: Type.Integer({ minimum: 1, maximum: MOST_ROWS }),
        /** Rows around this group are wanted, and not the first ones. */
        around: orNull(GroupKey),
      },
      strict,
    ),
    result: Type.Object(
      {
        list: number,
        total: count,
        start: count,
        rows,
        /** Index of `around`, or of the group that now stands where it would stand; null where it was not asked for. */
        at: orNull(count),
        header: RunHeader,
        /** Null where the query has no text. What is found later comes as deltas. */
        search: orNull(SearchState),
      },
      strict,
    ),
  },
  page: {
    params: Type.Object(
      { list: number, start: count, count: Type.Integer({ minimum: 1, maximum: MOST_ROWS }) },
      strict,
    ),
    /** True of the list after the delta of that number. */
    result: Type.Object({ list: number, sequence: count, start: count, rows }, strict),
  },
  group: { params: GroupKey, result: GroupDetail },
  /** More of a prompt (`rollout` null) or a completion. */
  text: { params: Type.Object({ key: GroupKey, rollout: orNull(count), from: count }, strict), result: TextPart },
} as const satisfies Methods;

/**
 * Removes `removed` rows at `at` and puts `rows` there, and behind them `more` that are not told: the view asks for them where it
 * looks. The splices of a delta are applied one after the other.
 */
export const Splice = Type.Object({ at: count, removed: count, rows, more: count }, strict);

export const ViewMessage = Type.Union([
  ...requestSchemas(viewRequests),
  Type.Object({ kind: kind("ack"), list: number, sequence: count }, strict),
  /** Stops the search for the list's text, or goes on with it. */
  Type.Object({ kind: kind("search"), list: number, on: Type.Boolean() }, strict),
  /** For the panel alone, as those below: the worker never sees them. */
  Type.Object({ kind: kind("keep"), view: KeptView }, strict),
  /** The view has begun to listen; a `go` that it may have missed is said again. */
  Type.Object({ kind: kind("here") }, strict),
  Type.Object({ kind: kind("went"), number }, strict),
]);

export const HostMessage = Type.Union([
  ...replySchemas(viewRequests),
  Refusal,
  Type.Object(
    {
      kind: kind("delta"),
      list: number,
      sequence: number,
      total: count,
      waiting: count,
      /** How many of the groups are new in the store, and neither replaced nor found by a search. */
      added: count,
      splices: Type.Array(Splice),
    },
    strict,
  ),
  Type.Object({ kind: kind("summary"), list: number, total: count }, strict),
  Type.Object({ kind: kind("alive"), list: number, sequence: count }, strict),
  Type.Object({ kind: kind("search"), list: number, search: SearchState }, strict),
  Type.Object({ kind: kind("header"), header: RunHeader }, strict),
  Problem,
  /** By the panel: somebody asked elsewhere to see this. Said until the view `went`; one that is known by its number is past. */
  Type.Object({ kind: kind("go"), number, query: ListQuery }, strict),
]);

export type GroupKey = Static<typeof GroupKey>;
export type GroupRow = Static<typeof GroupRow>;
export type OutcomeFilter = Static<typeof OutcomeFilter>;
export type SortOrder = Static<typeof SortOrder>;
export type TextScope = Static<typeof TextScope>;
export type SearchState = Static<typeof SearchState>;
export type ListQuery = Static<typeof ListQuery>;
export type KeptView = Static<typeof KeptView>;
export type RunHeader = Static<typeof RunHeader>;
export type CallDifference = Static<typeof CallDifference>;
export type TextPart = Static<typeof TextPart>;
export type CompletionDetail = Static<typeof CompletionDetail>;
export type GroupDetail = Static<typeof GroupDetail>;
export type Splice = Static<typeof Splice>;
export type ViewMethod = MethodOf<typeof viewRequests>;
export type ViewParams<M extends ViewMethod> = ParamsOf<typeof viewRequests, M>;
export type ViewResult<M extends ViewMethod> = ResultOf<typeof viewRequests, M>;

export type ViewRequest = RequestOf<typeof viewRequests>;
/** What the worker is told. */
export type WorkerMessage =
  | ViewRequest
  | { kind: "ack"; list: number; sequence: number }
  | { kind: "search"; list: number; on: boolean };
export type ViewMessage =
  | WorkerMessage
  | { kind: "keep"; view: KeptView }
  | { kind: "here" }
  | { kind: "went"; number: number };

export type Reply = ReplyOf<typeof viewRequests>;
export type Delta = {
  kind: "delta";
  list: number;
  sequence: number;
  total: number;
  waiting: number;
  added: number;
  splices: Splice[];
};
export type Push =
  | Delta
  | { kind: "summary"; list: number; total: number }
  | { kind: "alive"; list: number; sequence: number }
  | { kind: "search"; list: number; search: SearchState }
  | { kind: "header"; header: RunHeader }
  | Problem
  | Go;
export type Go = { kind: "go"; number: number; query: ListQuery };
export type HostMessage = Reply | Refusal | Push;

export const isViewMessage = (value: unknown): value is ViewMessage => Check(ViewMessage, value);
export const isHostMessage = (value: unknown): value is HostMessage => Check(HostMessage, value);
export const isKeptView = (value: unknown): value is KeptView => Check(KeptView, value);
export const isListQuery = (value: unknown): value is ListQuery => Check(ListQuery, value);
export const isGroupKey = (value: unknown): value is GroupKey => Check(GroupKey, value);

/** One spelling for each group. */
export const keyOf = ({ step, phase, group }: GroupKey): string => `${step} ${phase} ${group}`;
