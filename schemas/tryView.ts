/**
 * What the replacement editor's view and its host say to each other about trying an edit, using it, and keeping a rollout as a
 * demonstration. The host holds the try, so that a view that was hidden finds it again.
 */
import { type Static, Type } from "@sinclair/typebox";
import { TriedRollout, TrySide, TrySideBegun } from "./tries.ts";
import { count, kind, literals, orNull, strict, text } from "./viewMessages.ts";

/**
 * `asking`: the run has not answered. `waiting`: for the end of what its engine computes. `refused`: there was no try, and `reason`
 * says why.
 */
export const TryPhase = literals("asking", "waiting", "drawing", "done", "cancelled", "failed", "refused");

/** What a person can do about a refusal. */
export const TryRemedy = literals("startTraining", "resume");

export const TryState = Type.Object(
  {
    phase: TryPhase,
    /** Of each side. */
    rollouts: Type.Integer({ minimum: 1 }),
    /** The edit tells the policy something else by now. */
    older: Type.Boolean(),
    reason: orNull(text),
    remedy: orNull(TryRemedy),
    /** Last complete step of the policy, and whether the update of the next has begun; null before the drawing. */
    policy: orNull(Type.Object({ step: count, updating: Type.Boolean() }, strict)),
    sides: Type.Array(TrySideBegun, { maxItems: 2 }),
    tried: Type.Array(TriedRollout, { description: "As they came." }),
  },
  strict,
);

/** Which rollout of the try. */
export const TriedPosition = Type.Object({ side: TrySide, rollout: count }, strict);

/** From the view. */
export const tryViewMessages = [
  Type.Object({ kind: kind("try") }, strict),
  Type.Object({ kind: kind("cancelTry") }, strict),
  Type.Object({ kind: kind("remedy"), remedy: TryRemedy }, strict),
  /** Saves the edit where it is not saved, and asks the run what it makes of it. */
  Type.Object({ kind: kind("use") }, strict),
  /** Makes a demonstration of it, in the experiment's file. */
  Type.Object({ kind: kind("promote"), at: TriedPosition }, strict),
];

/** From the host. */
export const tryHostMessages = [
  /** The whole of it, in place of what the view knew. `rollouts` is what the next try will draw of each side. */
  Type.Object({ kind: kind("try"), try: orNull(TryState), rollouts: count }, strict),
  /** One rollout more. */
  Type.Object({ kind: kind("tried"), rollout: TriedRollout }, strict),
  /** A step drew the edit that was accepted last. */
  Type.Object({ kind: kind("used"), step: count, rollouts: count, correct: count }, strict),
];

export type TryPhase = Static<typeof TryPhase>;
export type TryRemedy = Static<typeof TryRemedy>;
export type TryState = Static<typeof TryState>;
export type TriedPosition = Static<typeof TriedPosition>;

export type TryViewMessage =
  | { kind: "try" }
  | { kind: "cancelTry" }
  | { kind: "remedy"; remedy: TryRemedy }
  | { kind: "use" }
  | { kind: "promote"; at: TriedPosition };

export type TryHostMessage =
  | { kind: "try"; try: TryState | null; rollouts: number }
  | { kind: "tried"; rollout: TriedRollout }
  | { kind: "used"; step: number; rollouts: number; correct: number };
