/** Folds: brackets that span lines, and in JSON Lines runs of records of one category. */
import { type FoldingRange, FoldingRangeKind } from "vscode-languageserver";
import { textMember } from "../../toolcalls/dialects/read.ts";
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import { ParsedRecord } from "../records/parsedRecord.ts";
import type { RecordSlot } from "../records/recordDocument.ts";
import type { RecordLimits } from "../records/scan.ts";
import { bracketFolds } from "./jsonService.ts";
import { Pause } from "./pause.ts";

const MOST_FOLDS = 5000;
/** Lines that are looked at for runs. */
const MOST_LINES = 20_000;

/** Of records, which stay the same objects through edits. */
const categories = new WeakMap<RecordSlot, string | undefined>();

function categoryOf(slot: RecordSlot, limits: RecordLimits): string | undefined {
  if (!categories.has(slot)) categories.set(slot, textMember(ParsedRecord.parse(slot.text, limits).value, "category"));
  return categories.get(slot);
}

export async function foldingRanges({ document, surroundings }: DocumentAnalysis): Promise<FoldingRange[]> {
  if (document.layout !== "lines") return bracketFolds(document.text, MOST_FOLDS);
  const folds: FoldingRange[] = [];
  const pause = new Pause();
  let run: { category: string; startLine: number; endLine: number } | undefined;
  const close = (): void => {
    if (run !== undefined && run.endLine > run.startLine)
      folds.push({ startLine: run.startLine, endLine: run.endLine, kind: FoldingRangeKind.Region });
  };
  for (let line = 0; line < Math.min(document.count, MOST_LINES) && folds.length < MOST_FOLDS; line++) {
    const slot = document.slot(line);
    if (slot === undefined) continue;
    const category = categoryOf(slot, surroundings.limits);
    if (category !== undefined && category === run?.category) run.endLine = line;
    else {
      close();
      run = category === undefined ? undefined : { category, startLine: line, endLine: line };
    }
    await pause.whenDue();
  }
  close();
  return folds;
}
