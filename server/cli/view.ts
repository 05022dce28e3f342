/** A watched run as a terminal shows it. */

import type { EditEvent, EvaluationEvent, ProbeEvent, RoundEvent } from "../../schemas/protocol.ts";
import { type RunEvent, RunView } from "../training/client/runView.ts";
import { bar, duration, entropyText, percent, short } from "../training/client/text.ts";

export class RunLines extends RunView {
  /** The run in a few lines, for a display that is drawn over and over. */
  lines(): string[] {
    const { name, step, steps, state, activity } = this.snapshot;
    const progress = this.progress ? ` ${this.progress.done}/${this.progress.total}` : "";
    const doing = state === "running" ? `${activity}${progress}` : state;
    return [
      `${name}  ${bar(step / Math.max(1, steps))}  step ${step}/${steps}  ${doing}`,
      [...this.#qualities(), ...this.#speed()].join(" · "),
    ].filter((line) => line !== "");
  }

  #qualities(): string[] {
    const { latest, evaluations, probes, hardRows, round, hardByRound } = this.snapshot;
    const metrics = latest?.metrics;
    const parts: string[] = [];
    if (metrics)
      parts.push(metrics.rewardMean === null ? `loss ${short(metrics.loss)}` : `reward ${short(metrics.rewardMean)}`);
    const { before, latest: newest } = evaluations;
    if (newest) {
      const since =
        before && newest !== before && newest.moment !== "before" ? ` (${percent(before.accuracy.value)} before)` : "";
      parts.push(`held-out ${percent(newest.accuracy.value)}${since}`);
    }
    if (round !== null) parts.push(`round ${round.round}`);
    if (hardRows !== null) parts.push(`hard rows ${hardRows}${probes.before ? ` of ${probes.before.rows}` : ""}`);
    if (hardByRound.length > 1) parts.push(`by round ${lastOf(hardByRound)}`);
    return parts;
  }

  #speed(): string[] {
    const { latest, secondsLeft } = this.snapshot;
    const rate = latest?.metrics.samplingTokensPerSecond ?? latest?.metrics.updateTokensPerSecond;
    return [
      ...(typeof rate === "number" ? [`${short(rate)} tokens/s`] : []),
      ...(secondsLeft === null ? [] : [`${duration(secondsLeft)} left`]),
    ];
  }
}

/** Rounds whose hard counts fit a line. */
const SHOWN_ROUNDS = 12;

const lastOf = (hardByRound: readonly number[]): string =>
  (hardByRound.length > SHOWN_ROUNDS ? "… " : "") + hardByRound.slice(-SHOWN_ROUNDS).join(" ");

function evaluationLine({ moment, step, accuracy, choices }: EvaluationEvent): string {
  const line = `held-out accuracy ${moment} (step ${step}): ${percent(accuracy.value)}, ${accuracy.correct} of ${accuracy.rows}`;
  return choices === undefined ? line : `${line} episodes; ${entropyText(choices)}`;
}

function probeLine({ moment, step, hard, rows, rollouts, mode, saved, drawn, skipped }: ProbeEvent): string {
  const where = moment === "between" ? `after step ${step}` : `${moment} training`;
  const cost =
    mode === "full"
      ? `none of ${rollouts} rollouts right`
      : `fast probe: ${drawn} rollouts drawn, ${saved} saved, ${skipped} rows skipped`;
  return `hard rows ${where}: ${hard} of ${rows} (${cost})`;
}

function roundLine(event: RoundEvent): string {
  const { round, step, steps, hard, fewShots, noCandidates, unverified, hardAgain, rollouts, attempts } = event;
  const parts = [
    `${fewShots} of ${hard} hard rows with few-shots`,
    ...(noCandidates > 0 ? [`${noCandidates} without candidates`] : []),
    ...(unverified > 0 ? [`${unverified} that no demonstration helps or fits`] : []),
    ...(hardAgain > 0 ? [`${hardAgain} hard again`] : []),
    ...(rollouts > 0 ? [`${rollouts} rollouts to verify ${attempts} choices`] : []),
  ];
  return `round ${round}, steps ${step + 1} to ${step + steps}: ${parts.join(", ")}`;
}

function editLine({ file, sample, action, step, reason }: EditEvent): string {
  if (action === "refused") return `edit ${file} refused: ${reason}`;
  const what = action === "automatic" ? "taken back" : `in force (${action})`;
  return `edit ${file} ${what} from step ${step} on${sample === null ? "" : ` for sample ${sample}`}`;
}

/** One line for an event where lines stay on paper; undefined for those that say too little. */
export function lineOf(event: RunEvent, view: RunLines): string | undefined {
  switch (event.event) {
    case "step": {
      const [, ...rest] = view.lines();
      return `step ${event.step}/${event.steps}  ${rest.join(" ")}`;
    }
    case "evaluation":
      return evaluationLine(event);
    case "probe":
      return probeLine(event);
    case "round":
      return roundLine(event);
    case "edit":
      return editLine(event);
    case "log":
      return event.level === "info" ? undefined : `${event.level}: ${event.message}`;
    default:
      return undefined;
  }
}
