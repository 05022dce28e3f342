/** What the status bar and a message say of processes that have trajectories judged. */
import { basename } from "node:path";
import { plain } from "../../server/toolcalls/display.ts";
import type { L10n } from "../l10n.ts";
import type { JudgingStatus } from "./messages.ts";

export interface JudgingText {
  text: string;
  tooltip: string;
  /** Whether somebody has to do something. */
  isWaiting: boolean;
}

/** Undefined where there is nothing to say. */
export function judgingText(list: readonly JudgingStatus[], l10n: L10n): JudgingText | undefined {
  const [first] = [...list].sort((a, b) => rank(a) - rank(b));
  if (first === undefined) return undefined;
  const lines = list.map((status) => `${nameOf(status)}: ${lineOf(status, l10n)}`);
  const text = list.length > 1 ? l10n.t("{0} judged", list.length) : withoutIcons(nameOf(first));
  const isWaiting = first.state.state === "waiting";
  return {
    text: isWaiting ? `$(law) ${l10n.t("{0} waits for a judge", text)}` : `$(law) ${text}`,
    tooltip: lines.join("\n"),
    isWaiting,
  };
}

export function lineOf({ state, isOffered }: JudgingStatus, l10n: L10n): string {
  const { answered, open, reason } = state;
  const counts = l10n.t("{0} answered, {1} open", answered, open);
  const where = isOffered ? l10n.t("judged in this window") : l10n.t("not judged in this window");
  return [counts, where, reason === null ? "" : plain(reason, 300)].filter((part) => part !== "").join("; ");
}

/** The model that is wanted, as a person reads it. */
export function modelName({ state: { model } }: JudgingStatus): string {
  return plain(model.vendor === null ? model.family : `${model.vendor}/${model.family}`);
}

/** The trajectories file. */
export const nameOf = ({ state }: JudgingStatus): string => plain(basename(state.file));

/** What waits comes first. */
const rank = ({ state }: JudgingStatus): number => ["waiting", "resting", "asking", "idle"].indexOf(state.state);

/** A name from a file must not draw icons of its own: `$(name)` does in the status bar. */
const withoutIcons = (text: string): string => text.replaceAll("$(", "$ (");
