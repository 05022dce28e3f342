/** What the status bar and a message say of processes that have trajectories judged. */
import { basename } from "node:path";
import { plain, withoutIcons } from "../../server/toolcalls/display.ts";
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
  const isWaiting = first.state.state === "waiting";
  return { text: `$(law) ${shortText(first, list.length, l10n)}`, tooltip: lines.join("\n"), isWaiting };
}

/** What the first of several says for all. */
function shortText(first: JudgingStatus, count: number, l10n: L10n): string {
  const name = withoutIcons(nameOf(first));
  if (first.state.state === "waiting") {
    return first.state.key === null ? l10n.t("{0} waits for a judge", name) : l10n.t("{0} waits for a key", name);
  }
  return count > 1 ? l10n.t("Judging {0} files", count) : l10n.t("Judging {0}", name);
}

export function lineOf({ state, isOffered }: JudgingStatus, l10n: L10n): string {
  const { answered, open, reason, key } = state;
  if (key !== null) return plain(reason ?? l10n.t("It has its key."), 300);
  const counts = l10n.t("{0} answered, {1} open", answered, open);
  const where = isOffered ? l10n.t("judged in this window") : l10n.t("not judged in this window");
  return [counts, where, reason === null ? "" : plain(reason, 300)].filter((part) => part !== "").join("; ");
}

/** The model that is wanted, or the endpoint whose key is, as a person reads it. */
export function wishOf({ state: { model, key } }: JudgingStatus): string {
  if (model === null) return plain(key ?? "", 200);
  return plain(model.vendor === null ? model.family : `${model.vendor}/${model.family}`);
}

/** The trajectories file. */
export const nameOf = ({ state }: JudgingStatus): string => plain(basename(state.file));

/** What waits comes first. */
const rank = ({ state }: JudgingStatus): number => ["waiting", "resting", "asking", "idle"].indexOf(state.state);
