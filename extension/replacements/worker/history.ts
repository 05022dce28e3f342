/** What was done to a sample by hand, and what came of it: from the file's own history and from the run's store. */
import { basename } from "node:path";
import { ReplacementChange } from "../../../schemas/replacement.ts";
import type { History, HistoryEntry } from "../../../schemas/replacementView.ts";
import type { DrawOutcome, RunReader } from "../../../server/store/reader.ts";
import { follows } from "../../../server/toolcalls/check.ts";
import { isJsonObject, parseExactJson } from "../../../server/toolcalls/json.ts";
import type { OpenFile } from "../messages.ts";

type Outcome = { draws: number; rollouts: number; correct: number };

export function historyOf({ file, text }: OpenFile, reader: RunReader | undefined): History {
  const { sample, changes } = savedChanges(text);
  const draws = sample === undefined ? [] : (reader?.draws(sample) ?? []);
  const saved = changes.map(
    ({ at, by, why = null, step = null }): HistoryEntry => ({ kind: "saved", at, by, why, step, outcome: null }),
  );
  const edits = (reader?.edits() ?? []).filter((edit) => edit.file === basename(file));
  const taken = edits.map(({ sequence, action, time, step, reason }): HistoryEntry => {
    const kind = action === "refused" || action === "automatic" ? action : "taken";
    const drawn = draws.filter((draw) => draw.edit === sequence);
    const outcome = kind === "taken" ? outcomeOf(drawn) : null;
    return { kind, at: time, by: null, why: reason, step, outcome };
  });
  const automatic = outcomeOf(draws.filter(({ edit }) => edit === null));
  return {
    entries: [...saved, ...taken].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)),
    automatic: automatic.draws === 0 ? null : automatic,
    problem: null,
  };
}

function savedChanges(text: string): { sample: string | undefined; changes: ReplacementChange[] } {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch {
    return { sample: undefined, changes: [] }; // the view shows what is wrong with it
  }
  if (!isJsonObject(value)) return { sample: undefined, changes: [] };
  const changes = Array.isArray(value.history)
    ? value.history.filter((one): one is ReplacementChange => follows(ReplacementChange, one))
    : [];
  return { sample: typeof value.sample === "string" ? value.sample : undefined, changes };
}

const outcomeOf = (draws: readonly DrawOutcome[]): Outcome => ({
  draws: draws.length,
  rollouts: draws.reduce((sum, { rollouts }) => sum + rollouts, 0),
  correct: draws.reduce((sum, { correct }) => sum + correct, 0),
});
