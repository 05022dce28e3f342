/** What the view knows of a try, and what is to be read out of it. */
import type { Verdict } from "../../../schemas/replacementView.ts";
import type { TriedRollout, TrySide } from "../../../schemas/tries.ts";
import type { TryHostMessage, TryState } from "../../../schemas/tryView.ts";
import type { Mark } from "../../words/marks.ts";

/** The part of the view's state that is about tries. */
export interface TryKnowledge {
  /** What was tried last; undefined where nothing was. */
  tried: TryState | undefined;
  /** Rollouts of each side that the next try draws; undefined until the host has said so. */
  toTry: number | undefined;
}

/** What a message of the host changes in the state, and what is to be said of it. */
export function afterTry(
  { tried }: TryKnowledge,
  message: TryHostMessage,
): Partial<TryKnowledge> & { verdict?: Verdict; said?: string } {
  switch (message.kind) {
    case "try":
      return { tried: message.try ?? undefined, toTry: message.rollouts };
    case "tried":
      return tried ? { tried: { ...tried, tried: [...tried.tried, message.rollout] } } : {};
    case "used": {
      const { step, rollouts, correct } = message;
      const sentence = `Used at step ${step}: ${correct} of ${rollouts} rollouts correct.`;
      return { verdict: { state: "accepted", sentence }, said: sentence };
    }
  }
}

export const isOpen = ({ phase }: TryState): boolean =>
  phase === "asking" || phase === "waiting" || phase === "drawing";

/** Of one side, in the order of their numbers. */
export const rolloutsOf = ({ tried }: TryState, side: TrySide): TriedRollout[] =>
  tried.filter((rollout) => rollout.side === side).sort((a, b) => a.rollout - b.rollout);

export const markOf = ({ correct, truncated, formatOk }: TriedRollout): Mark => {
  if (correct) return "c";
  if (truncated) return "t";
  return formatOk ? "w" : "m";
};

/** `Your edit: 3 of 5 correct. Automatic: 1 of 4 correct.` */
export function countText(tried: TryState): string {
  const of = (side: TrySide, name: string): string => {
    const rollouts = rolloutsOf(tried, side);
    return `${name}: ${rollouts.filter(({ correct }) => correct).length} of ${rollouts.length} correct.`;
  };
  return `${of("edited", "Your edit")} ${of("automatic", "Automatic")}`;
}

/** What the try is about, one sentence. */
export function phaseText(tried: TryState): string {
  const { phase, reason, rollouts, policy } = tried;
  const all = 2 * rollouts;
  const at = policy
    ? `the policy after step ${policy.step}${policy.updating ? ", in the midst of the next update" : ""}`
    : "the policy";
  switch (phase) {
    case "asking":
      return "Asking the run…";
    case "waiting":
      return "Waiting until the engine is done with what it computes…";
    case "drawing":
      return `Drawing from ${at}: ${tried.tried.length} of ${all} rollouts…`;
    case "done":
      return `Drawn from ${at}. The run went on, and keeps nothing of it.`;
    case "cancelled":
      return `Cancelled after ${tried.tried.length} of ${all} rollouts.`;
    case "failed":
    case "refused":
      return reason ?? "The try failed.";
  }
}
