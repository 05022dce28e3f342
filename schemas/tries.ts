/**
 * Trying an edit of a sample on the current policy of a live run: rollouts that belong to no step, beside as many of what the
 * algorithm chose. Server to client (`schemas/protocol.ts`) and editor to view speak of them in these words.
 */
import { type Static, Type } from "@sinclair/typebox";
import { count, literals, orNull, strict } from "./viewMessages.ts";

/** Rollouts of each side at most: a run stands still for them. */
export const MOST_TRIED = 64;

/** What is set side by side: the edit, and what the run would draw without it. */
export const TrySide = literals("edited", "automatic");

/** How a side is put: `raw` where the algorithm has chosen no few-shots. */
export const TryVersion = literals("raw", "few-shot", "edited");

/** The id is the client's own, so that what is told of a try may come before the answer to the request. */
export const TryId = Type.String({ minLength: 1, maxLength: 64 });

export const TryRequest = Type.Object(
  {
    id: TryId,
    file: Type.String({ maxLength: 255, description: "Name of the file in replacements/." }),
    text: Type.String({ maxLength: 1_000_000, description: "What the file would hold; it need not be saved." }),
    rollouts: Type.Integer({ minimum: 1, maximum: MOST_TRIED, description: "Of each side." }),
  },
  strict,
);

/** Null where it waits for its turn, else why there will be none. */
export const TryAnswer = Type.Object({ refused: orNull(Type.String()) }, strict);

export const TrySideBegun = Type.Object(
  {
    side: TrySide,
    version: TryVersion,
    tokens: Type.Integer({ minimum: 1, description: "Of the prompt." }),
  },
  strict,
);

export const TriedRollout = Type.Object(
  {
    side: TrySide,
    rollout: count,
    /** As much of it as is shown. */
    text: Type.String(),
    characters: Type.Integer({ minimum: 0, description: "Of the whole text, UTF-16 units." }),
    tokens: count,
    truncated: Type.Boolean({ description: "Cut at the length limit." }),
    /** Its calls as JSON, so that no number loses a digit. */
    calls: Type.String(),
    formatOk: Type.Boolean(),
    correct: Type.Boolean(),
    reward: Type.Number(),
    /** The reward could not judge it, and means nothing. */
    failed: Type.Boolean(),
    reason: Type.String(),
  },
  strict,
);

/** What becomes of a try, in this order: `begun` once, rollouts as they finish, `ended` once. */
export const TryEvent = Type.Union([
  Type.Object(
    {
      id: TryId,
      kind: Type.Literal("begun"),
      step: Type.Integer({ minimum: 0, description: "Last complete step of the policy." }),
      updating: Type.Boolean({ description: "The update of the next step has begun." }),
      sides: Type.Array(TrySideBegun, { maxItems: 2 }),
    },
    strict,
  ),
  Type.Object({ id: TryId, kind: Type.Literal("rollout"), rollout: TriedRollout }, strict),
  Type.Object(
    {
      id: TryId,
      kind: Type.Literal("ended"),
      how: literals("done", "cancelled", "failed"),
      /** Why it failed; null otherwise. */
      reason: orNull(Type.String()),
    },
    strict,
  ),
]);

export type TrySide = Static<typeof TrySide>;
export type TryVersion = Static<typeof TryVersion>;
export type TryRequest = Static<typeof TryRequest>;
export type TryAnswer = Static<typeof TryAnswer>;
export type TrySideBegun = Static<typeof TrySideBegun>;
export type TriedRollout = Static<typeof TriedRollout>;
export type TryEvent = Static<typeof TryEvent>;
