/** Runs in words: for the tree, the status bar, pickers and notices. */
import type { Activity } from "../../schemas/protocol.ts";
import { plain } from "../../server/toolcalls/display.ts";
import { duration, percent, short } from "../../server/training/client/text.ts";
import type { L10n } from "../l10n.ts";
import type { RunDetails, RunPhase, RunStatus } from "./runStatus.ts";

const SENTENCE = 500;

export function phaseText(phase: RunPhase, l10n: L10n): string {
  switch (phase) {
    case "connecting":
      return l10n.t("connecting");
    case "running":
      return l10n.t("running");
    case "pausing":
      return l10n.t("pausing");
    case "paused":
      return l10n.t("paused");
    case "stopping":
      return l10n.t("stopping");
    case "finished":
      return l10n.t("finished");
    case "stopped":
      return l10n.t("stopped");
    case "failed":
      return l10n.t("failed");
    case "interrupted":
      return l10n.t("interrupted");
    case "elsewhere":
      return l10n.t("on another machine");
    case "unreachable":
      return l10n.t("does not answer");
    case "unreadable":
      return l10n.t("cannot be read");
  }
}

function activityText(activity: Activity, l10n: L10n): string {
  switch (activity) {
    case "starting":
      return l10n.t("starting");
    case "evaluating":
      return l10n.t("evaluating");
    case "probing":
      return l10n.t("probing for hard rows");
    case "constructing":
      return l10n.t("choosing few-shots");
    case "sampling":
      return l10n.t("sampling");
    case "freezing":
      return l10n.t("scoring the stored turns");
    case "updating":
      return l10n.t("updating");
    case "saving":
      return l10n.t("saving a checkpoint");
    case "exporting":
      return l10n.t("exporting the model");
    case "recovering":
      return l10n.t("recovering from a crash of the engine");
  }
}

export const nameText = ({ name }: RunStatus): string => plain(name, 100);

/** What it waits for, or was paused by; empty where that is nothing. */
export function hardPauseText({ phase, details }: RunStatus, l10n: L10n): string {
  if (details?.pausedOn !== undefined && phase !== "running") {
    return l10n.t("at the hard sample {0}", plain(details.pausedOn, 60));
  }
  return details?.pauseOnHard ? l10n.t("pauses at the next hard sample") : "";
}

/** Its name and when it began, which tells runs of one experiment apart. */
export const datedText = (run: RunStatus): string =>
  `${nameText(run)} · ${run.details ? timeText(run.details.created) : plain(run.id, 100)}`;

/** What a run does now: its phase, and while it runs what it is about. */
export function doingText({ phase, details }: RunStatus, l10n: L10n): string {
  if (phase !== "running" || details?.activity === undefined) return phaseText(phase, l10n);
  const { done, total } = details.progress ?? { done: 0, total: 0 };
  const doing = activityText(details.activity, l10n);
  return total > 0 ? `${doing} ${done}/${total}` : doing;
}

/** `step 42/150`; empty where nothing is known. */
function stepText({ details }: RunStatus, l10n: L10n): string {
  return details ? l10n.t("step {0}/{1}", details.step, details.steps) : "";
}

/** `41.3 % → 62.5 %`, or the one number there is; empty where nothing was evaluated. */
export function accuracyChange({ accuracyBefore, accuracy }: Partial<RunDetails>): string {
  const before = accuracyBefore && percent(accuracyBefore.value);
  const latest = accuracy && percent(accuracy.value);
  if (before === undefined || latest === undefined) return latest ?? before ?? "";
  const onlyOne = JSON.stringify(accuracyBefore) === JSON.stringify(accuracy);
  return onlyOne ? latest : `${before} → ${latest}`;
}

function hardText({ hardRows, hardBefore, probedRows }: RunDetails, l10n: L10n): string {
  if (hardRows === undefined) return "";
  if (probedRows === undefined) return l10n.t("{0} hard rows", hardRows);
  return hardBefore === undefined || hardBefore === hardRows
    ? l10n.t("{0} of {1} rows hard", hardRows, probedRows)
    : l10n.t("{0} → {1} of {2} rows hard", hardBefore, hardRows, probedRows);
}

/** One line on a run, what matters most first: the tree's rows are narrow. */
export function lineText(run: RunStatus, l10n: L10n): string {
  const { phase, details } = run;
  if (!details) return phaseText(phase, l10n);
  const doing = phase === "running" ? doingText(run, l10n) : "";
  const far = `${phaseText(phase, l10n)} ${details.step}/${details.steps}`;
  return [far, hardPauseText(run, l10n), accuracyChange(details), doing, hardText(details, l10n)]
    .filter((part) => part !== "")
    .join(" · ");
}

/** The same as a sentence, for a screen reader. */
export function spokenText(run: RunStatus, l10n: L10n): string {
  const { details } = run;
  const accuracy = details && accuracyChange(details).replace("→", l10n.t("to"));
  return [
    l10n.t("Run {0}", nameText(run)),
    doingText(run, l10n),
    hardPauseText(run, l10n),
    stepText(run, l10n),
    accuracy ? l10n.t("held-out accuracy {0}", accuracy) : "",
    details ? hardText(details, l10n).replace("→", l10n.t("to")) : "",
    run.message === undefined ? "" : messageText(run),
  ]
    .filter((part) => part !== "")
    .join(", ");
}

export const messageText = ({ message = "" }: RunStatus): string => plain(message, SENTENCE);

/** Empty where it is not known. */
export function timeLeftText({ secondsLeft }: Partial<RunDetails>, l10n: L10n): string {
  return secondsLeft === undefined ? "" : l10n.t("{0} left", duration(secondsLeft));
}

/** Facts of a run by name, for the rows below it. */
export function factsOf(run: RunStatus, l10n: L10n): { label: string; value: string }[] {
  const { details } = run;
  const facts = [
    { label: l10n.t("State"), value: [doingText(run, l10n), messageText(run)].filter(Boolean).join(": ") },
  ];
  if (!details) return facts;
  const { accuracyBefore, accuracy, rewardMean, preset, device, deviceWhy = "", threads, created } = details;
  const interval = (part: typeof accuracy): string =>
    part
      ? l10n.t(
          "{0} ({1} of {2}; 95 % interval {3} to {4})",
          percent(part.value),
          part.correct,
          part.rows,
          percent(part.low),
          percent(part.high),
        )
      : "";
  return [
    ...facts,
    {
      label: l10n.t("Progress"),
      value: [stepText(run, l10n), timeLeftText(details, l10n)].filter(Boolean).join(" · "),
    },
    { label: l10n.t("Held-out accuracy before"), value: interval(accuracyBefore) },
    { label: l10n.t("Held-out accuracy, newest"), value: interval(accuracy) },
    { label: l10n.t("Hard rows"), value: hardText(details, l10n) },
    { label: l10n.t("Mean reward"), value: rewardMean === undefined ? "" : short(rewardMean) },
    { label: l10n.t("Computed by"), value: `${preset} · ${device}${device === "cpu" ? ` × ${threads}` : ""}` },
    { label: l10n.t("Device"), value: plain(deviceWhy, SENTENCE) },
    { label: l10n.t("Begun"), value: timeText(created) },
  ].filter(({ value }) => value !== "");
}

export function timeText(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime())
    ? ""
    : time.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
