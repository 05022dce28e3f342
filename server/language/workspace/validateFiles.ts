/**
 * Checks files on disk, as many and as large as there are. What samples need from other files (tools, twins, experiments) is read
 * first, then every file passes by record by record, then what records say of each other is compared.
 */
import { existsSync, globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import { detectDialect } from "../../toolcalls/dialects/index.ts";
import { analyzeAcross, analyzeRecord, type RecordInput } from "../analysis/analyzeRecord.ts";
import { FactIndex, type RecordFacts } from "../analysis/facts.ts";
import type { Finding } from "../analysis/finding.ts";
import type { RuleSet } from "../analysis/ruleSet.ts";
import type { TextRange } from "../analysis/scope.ts";
import { Locator } from "../records/locate.ts";
import { ParsedRecord } from "../records/parsedRecord.ts";
import { advance } from "../records/recordDocument.ts";
import { DEFAULT_LIMITS, type RecordLimits } from "../records/scan.ts";
import { DiskOrigin } from "./diskOrigin.ts";
import { type ExperimentLinks, experimentsNear } from "./experiments.ts";
import { type FileRecord, readRecords } from "./files.ts";
import { indexFacts, indexTools } from "./indexFile.ts";
import { ToolIndex } from "./toolIndex.ts";

export interface PlacedFinding {
  file: string;
  /** Position of the record in its file, from 0, blank lines not counted. */
  record: number;
  finding: Finding;
  range: TextRange;
}

export interface ValidateOptions {
  rules: RuleSet;
  /** In place of the detected one. */
  dialect?: Dialect;
  limits?: RecordLimits;
}

/** Records that decide which dialect a file is of. */
const SAMPLED = 20;

/** What is kept of a record until all have been seen. */
interface Kept {
  origin: DiskOrigin;
  index: number;
  facts: RecordFacts;
  dialect: Dialect | undefined;
}

/** @param files absolute paths of files that exist */
export async function* validateFiles(
  files: readonly string[],
  options: ValidateOptions,
): AsyncGenerator<PlacedFinding[]> {
  const index = new ToolIndex();
  const facts = new FactIndex();
  const experiments = experimentsNear(files);
  linkExperiments(experiments, index, facts);
  const checked = new Set(files);
  const context = contextFiles(files, experiments).filter((file) => !checked.has(file));
  for (const file of [...context, ...files]) await indexTools(file, index, options);
  for (const file of editedFiles(files, experiments)) if (!checked.has(file)) await indexFacts(file, facts, options);
  const kept: Kept[] = [];
  for (const file of files) yield* validateFile(file, index, facts, kept, options);
  for (const one of kept) {
    const findings = acrossFindings(one, facts, options);
    if (findings.length > 0) yield findings;
  }
}

export { indexTools };

/** Training files of the hand edits among these. */
function editedFiles(files: readonly string[], experiments: readonly ExperimentLinks[]): string[] {
  const near = new Set(files);
  const edited = experiments.filter(({ replacements }) => replacements.some((file) => near.has(file)));
  return [...new Set(edited.flatMap(({ train }) => train ?? []))].filter((file) => existsSync(file));
}

export function linkExperiments(experiments: readonly ExperimentLinks[], index: ToolIndex, facts: FactIndex): void {
  for (const { file: experiment, tools, train, heldOut, demonstrations, replacements } of experiments) {
    for (const file of [train, heldOut, demonstrations, ...replacements])
      if (file !== undefined) index.setExperiment(file, tools);
    for (const file of replacements) facts.setRole(file, "replacements", experiment);
    for (const file of tools) facts.setRole(file, "tools", experiment);
    if (demonstrations !== undefined) facts.setRole(demonstrations, "demonstrations", experiment);
    if (heldOut !== undefined) facts.setRole(heldOut, "held-out", experiment);
    if (train !== undefined) facts.setRole(train, "train", experiment);
  }
}

/**
 * Files that define what the checked ones call: catalogs of their experiments, catalogs beside files of no experiment, and the
 * questions of BFCL's answers.
 */
export function contextFiles(files: readonly string[], experiments: readonly ExperimentLinks[]): string[] {
  const near = new Set(files);
  const catalogs = experiments
    .filter(({ train = "", heldOut = "", demonstrations = "", replacements }) =>
      [train, heldOut, demonstrations, ...replacements].some((file) => near.has(file)),
    )
    .flatMap(({ tools }) => tools);
  const questions = files
    .filter((file) => basename(dirname(file)) === "possible_answer")
    .flatMap((file) => [
      join(dirname(file), "..", basename(file)),
      join(dirname(file), "..", "question", basename(file)),
    ]);
  const known = new Set(
    experiments.flatMap(({ train, heldOut, demonstrations, replacements }) => [
      ...[train, heldOut, demonstrations],
      ...replacements,
    ]),
  );
  const beside = new Set(files.filter((file) => !known.has(file)).map((file) => dirname(file)));
  const siblings = [...beside].flatMap((folder) =>
    globSync("*.tools.json", { cwd: folder }).map((name) => join(folder, name)),
  );
  return [...new Set([...catalogs, ...questions, ...siblings])].filter((file) => existsSync(file));
}

async function* validateFile(
  file: string,
  index: ToolIndex,
  facts: FactIndex,
  kept: Kept[],
  { rules, limits = DEFAULT_LIMITS, dialect: chosen }: ValidateOptions,
): AsyncGenerator<PlacedFinding[]> {
  let dialect = chosen;
  for await (const batch of readRecords(file, limits.length)) {
    dialect ??= detectDialect(batch.slice(0, SAMPLED).map(({ text }) => ParsedRecord.parse(text, limits).value));
    const placed: PlacedFinding[] = [];
    for (const source of batch) {
      const record = parse(source, limits);
      const origin = DiskOrigin.of(file, source);
      const input: RecordInput = { record, dialect, origin, rules, scopeOf: (sample) => index.scopeOf(sample, file) };
      const analysis = analyzeRecord(input);
      for (const finding of analysis.findings) placed.push(place(file, source, finding));
      if (analysis.facts.facts.length === 0) continue;
      facts.add(origin, analysis.facts);
      kept.push({ origin, index: source.index, facts: analysis.facts, dialect });
    }
    if (placed.length > 0) yield placed;
  }
}

function parse({ text, fault }: FileRecord, limits: RecordLimits): ParsedRecord {
  return fault === undefined
    ? ParsedRecord.parse(text, limits)
    : ParsedRecord.failed(text, { kind: "syntax", offset: 0, sentence: fault });
}

function acrossFindings(
  { origin, index: record, facts, dialect }: Kept,
  index: FactIndex,
  { rules }: ValidateOptions,
): PlacedFinding[] {
  const locator = new Locator(() => origin.text());
  const findings = analyzeAcross({ locator, dialect, origin, rules }, facts, index);
  return findings.map((finding) =>
    place(origin.file, { start: origin.start, text: origin.text(), index: record }, finding),
  );
}

function place(
  file: string,
  { start, text, index }: Pick<FileRecord, "start" | "text" | "index">,
  finding: Finding,
): PlacedFinding {
  const { span } = finding;
  return {
    file,
    record: index,
    finding,
    range: { start: advance(start, text, span.start), end: advance(start, text, span.end) },
  };
}
