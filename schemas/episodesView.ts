/**
 * The conversation between the view of episodes and the worker that reads a run's store, or a file of trajectories, for it. Both ends
 * check every message against these schemas, and any message may be lost, repeated or late without harm:
 *
 * - The view opens a list (`open`) and is told its number and the revision of what it was made of. It holds the parts of the list that
 *   it has looked at, and asks for others (`page`). A list never changes.
 * - Episodes come in whole evaluations, or wave by wave, and not one by one. So nothing is patched: the worker says which revision there
 *   is (`now`), again and again, and a view whose list is older opens a new one in its place.
 */
import { type Static, Type } from "@sinclair/typebox";
import { Check } from "@sinclair/typebox/value";
import { Accuracy } from "./accuracy.ts";
import { EpisodeDetail, TextPart, TextPlace } from "./episodeDetail.ts";
import { EpisodeKey, EpisodeQuery, EpisodeRow } from "./episodeList.ts";
import {
  count,
  kind,
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

export * from "./episodeDetail.ts";
export * from "./episodeList.ts";

/** Most rows that one message holds. */
export const MOST_EPISODES = 500;

/** What made a file of trajectories. */
export const GeneratedBy = Type.Object(
  { judge: text, rule: text, threshold: Type.Number(), model: text, seed: count, questions: count },
  strict,
);

export const EpisodesHeader = Type.Object(
  {
    source: Type.Union([
      Type.Object(
        {
          kind: Type.Literal("run"),
          state: ShownState,
          message: orNull(text),
          step: count,
          steps: count,
          accuracy: orNull(Accuracy),
          /** False where it learns from samples, and so has rollouts and no episodes. */
          ofEpisodes: Type.Boolean(),
        },
        strict,
      ),
      Type.Object({ kind: Type.Literal("file"), made: orNull(GeneratedBy) }, strict),
    ]),
    episodes: count,
    categories: Type.Array(text, { description: "Sorted." }),
    tools: Type.Array(text, { description: "That were called anywhere, sorted." }),
    stored: Type.Boolean({ description: "Whether there are episodes of the data set." }),
    played: Type.Array(count, { description: "Steps whose evaluation played episodes, in order." }),
    /** How far the reading has come, in bytes of the file or parts of the store; null where all is read. */
    reading: orNull(Type.Object({ read: count, of: count }, strict)),
    /** Lines that are no trajectories, and what is wrong with the first of them. */
    faults: Type.Object({ lines: count, first: Type.Array(text) }, strict),
  },
  strict,
);

const rows = Type.Array(EpisodeRow, { maxItems: MOST_EPISODES });
const wantedRows = Type.Integer({ minimum: 1, maximum: MOST_EPISODES });

/** Requests of the view, by method. */
export const episodeRequests = {
  /** Opens a list, in place of the one that was open; also the way back from anything that went wrong. */
  open: {
    params: Type.Object(
      {
        query: EpisodeQuery,
        count: wantedRows,
        /** Rows around this episode are wanted, and not the first ones. */
        around: orNull(EpisodeKey),
      },
      strict,
    ),
    result: Type.Object(
      {
        list: number,
        revision: count,
        total: count,
        start: count,
        rows,
        /** Index of `around`; null where it was not asked for, or is not in the list. */
        at: orNull(count),
        header: EpisodesHeader,
      },
      strict,
    ),
  },
  page: {
    params: Type.Object({ list: number, start: count, count: wantedRows }, strict),
    result: Type.Object({ list: number, start: count, rows }, strict),
  },
  episode: { params: EpisodeKey, result: EpisodeDetail },
  /** More of a text. */
  text: { params: Type.Object({ key: EpisodeKey, place: TextPlace, from: count }, strict), result: TextPart },
} as const satisfies Methods;

export const EpisodesMessage = Type.Union([
  ...requestSchemas(episodeRequests),
  /** For the panel alone: the rollouts of the run are wanted. */
  Type.Object({ kind: kind("openRollouts") }, strict),
]);

export const EpisodesHostMessage = Type.Union([
  ...replySchemas(episodeRequests),
  Refusal,
  Problem,
  Type.Object({ kind: kind("now"), revision: count, header: EpisodesHeader }, strict),
]);

export type GeneratedBy = Static<typeof GeneratedBy>;
export type EpisodesHeader = Static<typeof EpisodesHeader>;
export type EpisodeMethod = MethodOf<typeof episodeRequests>;
export type EpisodeParams<M extends EpisodeMethod> = ParamsOf<typeof episodeRequests, M>;
export type EpisodeResult<M extends EpisodeMethod> = ResultOf<typeof episodeRequests, M>;
export type EpisodeRequest = RequestOf<typeof episodeRequests>;
export type EpisodesMessage = EpisodeRequest | { kind: "openRollouts" };
export type Now = { kind: "now"; revision: number; header: EpisodesHeader };
export type EpisodesHostMessage = ReplyOf<typeof episodeRequests> | Refusal | Problem | Now;

export const isEpisodesMessage = (value: unknown): value is EpisodesMessage => Check(EpisodesMessage, value);
export const isEpisodesHostMessage = (value: unknown): value is EpisodesHostMessage =>
  Check(EpisodesHostMessage, value);
