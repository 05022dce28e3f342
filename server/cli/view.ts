/** A watched run as a terminal shows it. */

import { type RunEvent, RunView } from "../training/client/runView.ts";
import { bar, duration, percent, short } from "../training/client/text.ts";

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
    const { latest, evaluations, probes, hardRows } = this.snapshot;
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
    if (hardRows !== null) parts.push(`hard rows ${hardRows}${probes.before ? ` of ${probes.before.rows}` : ""}`);
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

/** One line for an event where lines stay on paper; undefined for those that say too little. */
export function lineOf(event: RunEvent, view: RunLines): string | undefined {
  switch (event.event) {
    case "step": {
      const [, ...rest] = view.lines();
      return `step ${event.step}/${event.steps}  ${rest.join(" ")}`;
    }
    case "evaluation":
      return `held-out accuracy ${event.moment} (step ${event.step}): ${percent(event.accuracy.value)}, ${event.accuracy.correct} of ${event.accuracy.rows}`;
    case "probe":
      return `hard rows ${event.moment} training: ${event.hard} of ${event.rows} (none of ${event.rollouts} rollouts right)`;
    case "log":
      return event.level === "info" ? undefined : `${event.level}: ${event.message}`;
    default:
      return undefined;
  }
}
