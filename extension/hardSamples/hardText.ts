/** Hard samples in words: for the tree, its tooltips, pickers and screen readers. */
import { plain } from "../../server/toolcalls/display.ts";
import type { L10n } from "../l10n.ts";
import type { HardSample, HardState, HardTool, SampleEvent } from "../training/messages.ts";

const LONGEST_ID = 100;
/** Of a tooltip. */
const MOST_LINES = 24;

export function stateText(state: HardState, l10n: L10n): string {
  switch (state) {
    case "hard":
      return l10n.t("hard");
    case "few-shots":
      return l10n.t("hard, replaced with few-shots");
    case "no-candidates":
      return l10n.t("hard, no candidates for few-shots");
    case "unverified":
      return l10n.t("hard, no few-shots worked");
    case "retired":
      return l10n.t("retired, solved since");
    case "edited":
      return l10n.t("edited by hand");
    case "excluded":
      return l10n.t("excluded by hand");
  }
}

/** The same in the width of a side bar. */
function shortStateText(state: HardState, l10n: L10n): string {
  switch (state) {
    case "hard":
      return l10n.t("hard");
    case "few-shots":
      return l10n.t("few-shots");
    case "no-candidates":
      return l10n.t("no candidates");
    case "unverified":
      return l10n.t("no few-shots worked");
    case "retired":
      return l10n.t("retired");
    case "edited":
      return l10n.t("edited");
    case "excluded":
      return l10n.t("excluded");
  }
}

/** What a state means for the next steps, one sentence. */
export function stateSentence(state: HardState, l10n: L10n): string {
  switch (state) {
    case "hard":
      return l10n.t("No rollout was correct when it was last probed.");
    case "few-shots":
      return l10n.t("No rollout was correct, so the policy sees it with few-shot demonstrations in this round.");
    case "no-candidates":
      return l10n.t(
        "No other row and no demonstration uses its tools with another answer, so there is nothing to show.",
      );
    case "unverified":
      return l10n.t("There are demonstrations, but none of the choices led to a correct rollout or fits the prompt.");
    case "retired":
      return l10n.t("It was hard, and the policy has solved it without help since.");
    case "edited":
      return l10n.t("A file in replacements/ says how it is put.");
    case "excluded":
      return l10n.t("A file in replacements/ leaves it out.");
  }
}

export const idText = ({ sample }: HardSample): string => plain(sample, LONGEST_ID);

/** `failed 3 of 4 probes`; empty before the first probe is over. */
function failedText({ failed, probes }: HardSample, l10n: L10n): string {
  return probes === 0 ? "" : l10n.t("failed {0} of {1} probes", failed, probes);
}

/** What stands beside the sample's id. */
export function lineText({ state, query, failed, probes }: HardSample, l10n: L10n): string {
  const times = probes === 0 ? "" : l10n.t("failed {0}/{1}", failed, probes);
  return [times, shortStateText(state, l10n), query].filter(Boolean).join(" · ");
}

export function spokenText(sample: HardSample, l10n: L10n): string {
  const { query, state } = sample;
  return [l10n.t("Sample {0}", idText(sample)), stateText(state, l10n), failedText(sample, l10n), query]
    .filter(Boolean)
    .join(", ");
}

/** Null stands for two things, which the list as a whole tells apart. */
export function toolText({ tool }: HardTool, problem: string | undefined, l10n: L10n): string {
  if (tool !== null) return plain(tool, LONGEST_ID);
  return problem === undefined ? l10n.t("No tool to call") : l10n.t("Tools not known");
}

/** `12 hard of 15`: the others are retired or excluded. */
export function toolLine({ hard, samples, more }: HardTool, l10n: L10n): string {
  const all = samples.length + more;
  return hard === all ? l10n.t("{0} hard", hard) : l10n.t("{0} hard of {1}", hard, all);
}

/** What happened to a sample, one line for each event, in order; of many the latest. */
export function historyLines(events: readonly SampleEvent[], l10n: L10n): string[] {
  const left = Math.max(0, events.length - MOST_LINES);
  const lines = events.slice(left).map((event) => `${stepText(event.step, l10n)}: ${eventText(event, l10n)}`);
  return left === 0 ? lines : [l10n.t("{0} earlier events", left), ...lines];
}

const stepText = (step: number, l10n: L10n): string =>
  step === 0 ? l10n.t("Before training") : l10n.t("Step {0}", step);

function eventText(event: SampleEvent, l10n: L10n): string {
  switch (event.what) {
    case "probe":
      return event.correct === 0
        ? l10n.t("probe failed, 0 of {0} correct", event.rollouts)
        : l10n.t("probe solved, {0} of {1} correct", event.correct, event.rollouts);
    case "few-shots":
      return fewShotText(event, l10n);
    case "edit":
      return editText(event, l10n);
    case "drawn":
      return drawnText(event, l10n);
    case "retired":
      return l10n.t("solved without help, retired");
  }
}

function fewShotText(event: Extract<SampleEvent, { what: "few-shots" }>, l10n: L10n): string {
  const { chosen, choices, rollouts, correct, round } = event;
  if (!chosen) return l10n.t("none of {0} choices of few-shots worked", choices);
  return rollouts === 0
    ? l10n.t("few-shots chosen for round {0}", round)
    : l10n.t("few-shots chosen for round {0}, {1} of {2} correct with them", round, correct, rollouts);
}

function editText({ action, reason }: Extract<SampleEvent, { what: "edit" }>, l10n: L10n): string {
  switch (action) {
    case "fewshot":
      return l10n.t("demonstrations edited by hand");
    case "exclude":
      return l10n.t("excluded by hand");
    case "fixGold":
      return l10n.t("gold calls corrected by hand");
    case "automatic":
      return l10n.t("given back to the automatic choice");
    case "refused":
      return l10n.t("edit refused: {0}", plain(reason ?? "", 300));
  }
}

function drawnText({ version, times }: Extract<SampleEvent, { what: "drawn" }>, l10n: L10n): string {
  switch (version) {
    case "few-shot":
      return l10n.t("drawn {0} × with few-shots", times);
    case "edited":
      return l10n.t("drawn {0} × as edited", times);
    default:
      return l10n.t("drawn {0} × raw", times);
  }
}
