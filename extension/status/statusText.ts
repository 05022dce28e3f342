/** What the status bar says of the live runs. */
import { withoutIcons } from "../../server/toolcalls/display.ts";
import type { L10n } from "../l10n.ts";
import { isLive, type RunPhase, type RunStatus } from "./runStatus.ts";
import { accuracyChange, doingText, hardPauseText, lineText, nameText, spokenText, timeLeftText } from "./runText.ts";

export interface StatusText {
  text: string;
  tooltip: string;
  /** For a screen reader. */
  spoken: string;
}

const icons: Partial<Record<RunPhase, string>> = {
  running: "$(pulse)",
  pausing: "$(debug-pause)",
  paused: "$(debug-pause)",
  stopping: "$(debug-stop)",
};

/** Undefined where no run lives. */
export function statusText(runs: readonly RunStatus[], l10n: L10n): StatusText | undefined {
  const live = runs.filter(isLive);
  const [first] = live;
  if (!first) return undefined;
  const tooltip = live.map((run) => `${nameText(run)}: ${lineText(run, l10n)}`).join("\n");
  const spoken = live.map((run) => spokenText(run, l10n)).join("; ");
  if (live.length > 1) return { text: `$(pulse) ${l10n.t("{0} runs live", live.length)}`, tooltip, spoken };
  const { phase, details } = first;
  const parts = [
    nameText(first),
    phase === "running" && details && details.step > 0 ? "" : doingText(first, l10n),
    details ? `${details.step}/${details.steps}` : "",
    hardPauseText(first, l10n),
    details ? accuracyChange(details) : "",
    phase === "running" && details ? timeLeftText(details, l10n) : "",
  ];
  const said = parts.filter((part) => part !== "").join(" · ");
  return { text: `${icons[phase] ?? "$(pulse)"} ${withoutIcons(said)}`, tooltip, spoken };
}
