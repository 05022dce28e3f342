/** A hand edit beside the row that it edits, which stands in another file. */
import type { Replacement } from "../../../schemas/replacement.ts";
import { Sample } from "../../../schemas/samples.ts";
import { follows } from "../../toolcalls/check.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { jsonIn } from "../../toolcalls/json.ts";
import { isReplacement, type ReplacementProblem, rowProblems } from "../../toolcalls/replacements.ts";
import type { RuleContext } from "../rules/rule.ts";
import type { FactIndex, Occurrence, RecordFacts } from "./facts.ts";
import type { Origin } from "./scope.ts";

interface EditProblem extends ReplacementProblem {
  /** The row; undefined where there is none. */
  row: Occurrence | undefined;
}

/** Reports problems of these kinds, with the row that they speak of. */
export function reportEditProblems(
  kinds: readonly ReplacementProblem["kind"][],
  facts: RecordFacts,
  index: FactIndex,
  { report, origin }: RuleContext,
): void {
  for (const { kind, path, sentence, now, row } of editProblems(facts, index, origin)) {
    if (!kinds.includes(kind)) continue;
    report(Ref.root.at(...path), sentence, {
      related: row === undefined ? [] : [{ message: "The sample is here.", origin: row.origin, ref: row.fact.ref }],
      ...(now === undefined || row === undefined ? {} : { data: { now, original: row.origin.text() } }),
    });
  }
}

/**
 * What training would say of the edit, its calls aside, which are checked as all calls are. Nothing where the record is no
 * edit, departs from its schema, lies beside no experiment, or where no sample of its experiments has been read.
 */
function editProblems({ facts }: RecordFacts, index: FactIndex, origin: Origin): EditProblem[] {
  const edited = facts.find(({ kind }) => kind === "edit");
  if (edited === undefined || index.role(origin.file) !== "replacements" || !index.hasAny("sample-id")) return [];
  const replacement = jsonIn(origin.text());
  if (!isReplacement(replacement)) return [];
  const rows = [...index.of("sample-id", edited.key)].filter(
    ({ origin: { file } }) => index.role(file) === "train" && index.together(file, origin.file),
  );
  if (rows.length === 0) return rowProblems(replacement, undefined).map((problem) => ({ ...problem, row: undefined }));
  // A folder may serve several experiments; the edit has to suit each of them.
  for (const row of rows) {
    const sample = jsonIn(row.origin.text());
    const problems = follows(Sample, sample) ? rowProblems(replacement, sample).filter(isNews(replacement, index)) : [];
    if (problems.length > 0) return problems.map((problem) => ({ ...problem, row }));
  }
  return [];
}

/** That the row does not offer a tool goes without saying where no catalog has it, which another rule says. */
const isNews =
  (replacement: Replacement, index: FactIndex) =>
  ({ kind, path: [, at] }: ReplacementProblem): boolean => {
    if (kind !== "not-offered" || replacement.action !== "fixGold") return true;
    const name = replacement.gold[Number(at)]?.name ?? "";
    return !index.hasAny("tool") || index.has("tool", name);
  };
