/** What a person reads while trajectories are generated, and when that is over. */
import { basename } from "node:path";
import { plain } from "../../server/toolcalls/display.ts";
import { percent } from "../../server/training/client/text.ts";
import type { L10n } from "../l10n.ts";
import type { Generated, Generating } from "./messages.ts";

export function progressText({ stored, questions, wave }: Generating, l10n: L10n): string {
  if (wave === undefined) return l10n.t("{0} of {1} questions stored", stored, questions);
  return l10n.t(
    "{0} of {1} questions stored; of this wave {2} episodes have ended, turn {3} of {4} at most",
    stored,
    questions,
    wave.ended,
    wave.turn,
    wave.turns,
  );
}

/** Whether every question is in the file. */
export const isWhole = ({ questions, planned }: Generated): boolean => questions >= planned;

/** @param done undefined where it was stopped before it could say what there is */
export function resultText(done: Generated | undefined, l10n: L10n): string {
  // A file that was begun before is only known once it has been read.
  if (done === undefined || done.questions === 0) {
    return l10n.t("Stopped before anything was added. What was stored before stays, and the same command goes on.");
  }
  const { file, planned, questions, skipped, right, entropyBits } = done;
  const name = plain(basename(file));
  const said = isWhole(done)
    ? l10n.t("{0} is whole: {1} questions.", name, questions)
    : l10n.t(
        "Stopped: {0} has {1} of {2} questions. They stay, and the same command goes on with the others.",
        name,
        questions,
        planned,
      );
  const facts = l10n.t(
    "{0} of the episodes are right (95 % interval {1} to {2}); the entropy of the chosen tools is {3} bits.",
    percent(right.value),
    percent(right.low),
    percent(right.high),
    entropyBits.toFixed(2),
  );
  const lost = l10n.t("{0} questions were skipped, since the judge gave no answer that can be used.", skipped);
  return [said, ...(right.rows > 0 ? [facts] : []), ...(skipped > 0 ? [lost] : [])].join(" ");
}
