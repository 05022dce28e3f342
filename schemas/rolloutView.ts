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
import { GroupDetail, NeighbourRun, SampleDetail, TextPart, TokenDetail } from "./rolloutDetail.ts";
import { GroupKey, GroupRow, KeptView, ListQuery, type SavedFilter, SavedFilters } from "./rolloutList.ts";
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

export * from "./rolloutDetail.ts";
export * from "./rolloutList.ts";

/** Most rows that one message holds. */
export const MOST_ROWS = 500;

/** A view that has not acknowledged this many deltas is behind. */
export const MOST_UNACKNOWLEDGED = 8;

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
    parts: Type.Array(text, { description: "Names of the parts of its reward." }),
    rounds: Type.Integer({ minimum: 0, description: "Rounds of hard sampling so far." }),
    ofEpisodes: Type.Boolean({ description: "It plays episodes, and so has no rollouts." }),
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
  tokens: {
    params: Type.Object({ key: GroupKey, rollout: count, run: Type.Optional(text) }, strict),
    result: TokenDetail,
  },
  /** All that happened to a sample, in this run or in one beside it. */
  sample: { params: Type.Object({ sample: text, run: orNull(text) }, strict), result: SampleDetail },
  /** Runs beside this one that can be read. */
  neighbours: { params: Type.Object({}, strict), result: Type.Object({ runs: Type.Array(NeighbourRun) }, strict) },
  /** A group of a run beside this one; `run` is the name of its folder, here and above. */
  groupOf: { params: Type.Object({ run: text, key: GroupKey }, strict), result: GroupDetail },
  /** More of a prompt (`rollout` null) or a completion. */
  text: {
    params: Type.Object({ key: GroupKey, rollout: orNull(count), from: count, run: Type.Optional(text) }, strict),
    result: TextPart,
  },
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
  /** All filters that have a name, as they are to be kept. */
  Type.Object({ kind: kind("keepFilters"), filters: SavedFilters }, strict),
  /** A person wants to edit what stands in a sample's place. */
  Type.Object({ kind: kind("editReplacement"), sample: text }, strict),
  /** A person wants a correct rollout of this run to be a demonstration. */
  Type.Object({ kind: kind("promoteRollout"), ...GroupKey.properties, rollout: count }, strict),
  /** A person wants to see the episodes of the run. */
  Type.Object({ kind: kind("showEpisodes") }, strict),
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
  /** By the panel: filters with a name, which another panel may have changed. */
  Type.Object({ kind: kind("filters"), filters: SavedFilters }, strict),
]);

export type SearchState = Static<typeof SearchState>;
export type RunHeader = Static<typeof RunHeader>;
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
  | { kind: "keepFilters"; filters: SavedFilter[] }
  | { kind: "editReplacement"; sample: string }
  | ({ kind: "promoteRollout"; rollout: number } & Static<typeof GroupKey>)
  | { kind: "showEpisodes" }
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
  | Go
  | { kind: "filters"; filters: SavedFilter[] };
export type Go = { kind: "go"; number: number; query: ListQuery };
export type HostMessage = Reply | Refusal | Push;

export const isViewMessage = (value: unknown): value is ViewMessage => Check(ViewMessage, value);
export const isHostMessage = (value: unknown): value is HostMessage => Check(HostMessage, value);
