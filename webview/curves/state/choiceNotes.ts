/** Why a run of episodes shows no choice of tools yet, and what to do. */
import type { RunCurve } from "../client/curveData.ts";

const WAITING: Record<RunCurve["state"], string> = {
  running: "The choice of tools appears when the first evaluation of held-out questions is over.",
  paused: "The run is paused before its first evaluation. Resume it, and the choice of tools appears.",
  finished: "The run has ended without an evaluation. Train again, and the choice of tools appears.",
  stopped: "The run was stopped before its first evaluation. Resume it, and the choice of tools appears.",
  failed: "The run failed before its first evaluation. Its log says why.",
  interrupted: "The run was cut off before its first evaluation. Resume it, and the choice of tools appears.",
};

/** Undefined where the choice of tools is known, and for runs that are not of episodes. */
export function choiceNote({ episodes, state }: Pick<RunCurve, "episodes" | "state">): string | undefined {
  if (episodes === null || episodes.tools.length > 0) return undefined;
  if (episodes.heldOut) return WAITING[state];
  return "Which tools the policy chooses is found out by held-out questions, and the experiment names none. Name a file of questions under heldOut, and train again.";
}
