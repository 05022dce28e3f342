/** Checks one file from disk, whatever its size: the checks of `toolexpander validate`, with what an editor shows of their findings. */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import { RuleSet } from "../../../server/language/analysis/ruleSet.ts";
import type { TextRange } from "../../../server/language/analysis/scope.ts";
import { ChosenDialects } from "../../../server/language/chosenDialects.ts";
import { readSettings } from "../../../server/language/settings.ts";
import { experimentsNear } from "../../../server/language/workspace/experiments.ts";
import { type FilePage, pageAt, pagesOf, rangeOnPage } from "../../../server/language/workspace/filePages.ts";
import { fileStamp } from "../../../server/language/workspace/fileStamp.ts";
import { partnersOf } from "../../../server/language/workspace/neighbours.ts";
import { noCounts, type PlacedFinding, validateFiles } from "../../../server/language/workspace/validateFiles.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import type { CheckMessage, CheckRequest, CheckSummary, PageFinding } from "../messages.ts";

/** Between two reports of progress, milliseconds. */
const REPORT_MS = 250;
/** Findings of one message: the editor is to do something else between two of them. */
const BATCH = 200;

/** A finding with its places in the file. */
type FileFinding = Omit<PageFinding, "page" | "line">;

/** @throws InputError where the file cannot be read, or changes meanwhile */
export async function checkFile(
  { file, settings }: CheckRequest,
  tell: (message: CheckMessage) => void,
): Promise<void> {
  const before = await stampOf(file);
  const { rules, profiles, dialects, maxFindings, maxRecordLength, maxDepth } = readSettings(settings);
  const chosen = new ChosenDialects(dialects);
  const files = await withPartners(file);
  const passed = noCounts();
  const reports = setInterval(
    () => tell({ kind: "progress", done: Math.min(1, passed.bytes / files.size) }),
    REPORT_MS,
  );
  const counts: CheckSummary["counts"] = { error: 0, warning: 0, information: 0, hint: 0 };
  const shown: FileFinding[] = [];
  try {
    const options = {
      rules: new RuleSet(rules, profiles),
      dialectOf: (one: string) => chosen.of(one),
      limits: { length: maxRecordLength, depth: maxDepth },
      counts: passed,
    };
    for await (const batch of validateFiles(files.names, options)) {
      for (const placed of batch) {
        if (placed.file !== file) continue;
        counts[placed.finding.severity]++;
        if (shown.length < maxFindings) shown.push(fileFinding(placed));
      }
    }
    await tellFindings(file, shown, tell);
  } finally {
    clearInterval(reports);
  }
  const after = await stampOf(file);
  if (after !== before) throw new InputError(`${named(file)} changed while it was checked; check it again.`);
  const records = passed.records.get(file) ?? 0;
  tell({ kind: "done", summary: { stamp: after, records, uncompared: passed.uncompared, counts } });
}

const named = (file: string): string => plain(basename(file), 200);

async function stampOf(file: string): Promise<string> {
  const stamp = await fileStamp(file);
  if (stamp === undefined) throw new InputError(`There is no file ${named(file)} any more.`);
  if (!(await stat(file)).isFile()) throw new InputError(`${named(file)} is no file; choose one.`);
  return stamp;
}

/** The file, then those of its experiments: what they say may repeat or contradict it. */
async function withPartners(file: string): Promise<{ names: string[]; size: number }> {
  const partners = partnersOf(new Set([file]), experimentsNear([file]));
  const sizes = new Map<string, number>();
  for (const one of new Set([file, ...partners])) {
    const found = await stat(one).catch(() => undefined);
    if (found?.isFile()) sizes.set(one, found.size);
  }
  return { names: [...sizes.keys()], size: [...sizes.values()].reduce((sum, size) => sum + size, 1) };
}

const fileFinding = ({ finding, range }: PlacedFinding): FileFinding => ({
  range,
  severity: finding.severity,
  rule: finding.rule,
  message: finding.message,
  related: finding.related.map(({ message, origin, ref }) => ({
    message,
    file: origin.file,
    range: origin.locate(ref),
  })),
});

async function tellFindings(file: string, found: readonly FileFinding[], tell: (message: CheckMessage) => void) {
  const ranges = found.flatMap(({ range, related }) => [
    range,
    ...related.filter((one) => one.file === file).map((one) => one.range),
  ]);
  const pages = await pagesOf(
    file,
    ranges.map(({ start }) => start),
  );
  tell({ kind: "pages", pages });
  for (let first = 0; first < found.length; first += BATCH) {
    const findings = found.slice(first, first + BATCH).map((finding) => onPages(file, pages, finding));
    tell({ kind: "findings", findings });
  }
}

function onPages(file: string, pages: readonly FilePage[], finding: FileFinding): PageFinding {
  const placed = (range: TextRange) => {
    const number = Math.max(0, pageAt(pages, range.start));
    const page = pages[number];
    return { page: number, range: page === undefined ? range : rangeOnPage(page, range) };
  };
  const related = finding.related.map((one) => (one.file === file ? { ...one, ...placed(one.range) } : one));
  return { ...finding, ...placed(finding.range), line: finding.range.start.line, related };
}
