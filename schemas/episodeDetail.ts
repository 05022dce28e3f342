/** One episode of the view of episodes, turn by turn. Every text in it was written by a model or by a tool. */
import { type Static, Type } from "@sinclair/typebox";
import { EpisodeRow } from "./episodeList.ts";
import { TextPart } from "./rolloutDetail.ts";
import { count, literals, number, orNull, strict, text } from "./viewMessages.ts";

/** A turn's action; values of arguments are JSON, over several lines where they have parts, and shortened. */
export const ShownAction = Type.Union([
  Type.Object(
    {
      kind: Type.Literal("call"),
      name: text,
      arguments: Type.Array(Type.Object({ name: text, value: text }, strict)),
      more: Type.Integer({ minimum: 0, description: "Arguments that are left out because there are too many." }),
    },
    strict,
  ),
  Type.Object({ kind: Type.Literal("answer"), text: TextPart }, strict),
  Type.Object({ kind: Type.Literal("broken"), fault: text }, strict),
]);

export const ShownCandidate = Type.Object(
  {
    tool: orNull(Type.String({ description: "The tool it was begun for; null for plain reasoning." })),
    score: Type.Number({ minimum: 0, maximum: 10 }),
    viable: Type.Boolean(),
    action: ShownAction,
    written: TextPart,
  },
  strict,
);

/** Who chose the action of a stored turn, and among what. */
export const ShownChoice = Type.Object(
  {
    by: Type.String({ description: "The rule; `best` where nothing was viable." }),
    score: Type.Number({ description: "Of the chosen action." }),
    /** Null where the trajectories are not what the run read any more. */
    candidates: orNull(Type.Array(ShownCandidate)),
    chosen: orNull(count),
  },
  strict,
);

/** What a step learnt from a turn; what the numbers are stands at the store's table `lessons`. */
export const ShownLesson = Type.Object(
  {
    step: count,
    epoch: number,
    value: Type.Number(),
    advantage: Type.Number(),
    target: Type.Number(),
  },
  strict,
);

export const ShownTurn = Type.Object(
  {
    thought: TextPart,
    action: ShownAction,
    written: Type.Object(TextPart.properties, { ...strict, description: "The whole turn as it was written." }),
    observation: orNull(TextPart),
    trouble: orNull(literals("refused", "failed", "cut", "none", "broken")),
    choice: orNull(ShownChoice),
    reward: orNull(
      Type.Object(
        { parts: Type.Array(Type.Object({ name: text, value: Type.Number() }, strict)), sum: Type.Number() },
        strict,
      ),
    ),
    lessons: Type.Array(ShownLesson),
  },
  strict,
);

export const EpisodeDetail = Type.Object(
  {
    row: EpisodeRow,
    query: TextPart,
    /** Names of the tools that were offered; null where it is not known. */
    offered: orNull(Type.Array(text)),
    accepted: orNull(Type.Array(text, { description: "Answers that are right." })),
    answer: orNull(TextPart),
    reason: Type.String({ description: "One sentence: why it counts as right or wrong." }),
    /** A score above it is viable. */
    threshold: orNull(Type.Number()),
    /** Why something of it is not known, one sentence. */
    unknown: orNull(text),
    turns: Type.Array(ShownTurn),
  },
  strict,
);

/** A text of an episode. `turn` is null for those of the episode as a whole; `candidate` is counted from 0. */
export const TextPlace = Type.Object(
  {
    of: literals("query", "answer", "thought", "written", "observation", "candidate"),
    turn: orNull(count),
    candidate: orNull(count),
  },
  strict,
);

export type ShownAction = Static<typeof ShownAction>;
export type ShownCandidate = Static<typeof ShownCandidate>;
export type ShownChoice = Static<typeof ShownChoice>;
export type ShownLesson = Static<typeof ShownLesson>;
export type ShownTurn = Static<typeof ShownTurn>;
export type EpisodeDetail = Static<typeof EpisodeDetail>;
export type TextPlace = Static<typeof TextPlace>;
export { TextPart } from "./rolloutDetail.ts";
