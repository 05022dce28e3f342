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
import { indexTools } from "./indexFile.ts";
import { ToolIndex } from "./toolIndex.ts";

export class PlacedFinding {
  readonly file: string;
  /** Position of the record in its file, from 0, blank lines not counted. */
  readonly record: number;
  readonly finding: Finding;
  readonly #source: Pick<FileRecord, "start" | "text">;

  constructor(file: string, source: Pick<FileRecord, "start" | "text" | "index">, finding: Finding) {
    this.file = file;
    this.record = source.index;
    this.finding = finding;
    this.#source = source;
  }

  /** Looked for when it is asked for: whoever only counts does not pay for it. */
  get range(): TextRange {
    const { start, text } = this.#source;
    const { span } = this.finding;
    return { start: advance(start, text, span.start), end: advance(start, text, span.end) };
  }
}

/** How far the checks are; may be looked at while they go on. */
export interface ValidateCounts {
  /** Bytes that have passed by of the files that are checked. */
  bytes: number;
  /** By file. */
  records: Map<string, number>;
  /** Records that were not compared with others, because too many came before them. */
  uncompared: number;
}

export const noCounts = (): ValidateCounts => ({ bytes: 0, records: new Map(), uncompared: 0 });

export interface ValidateOptions {
  rules: RuleSet;
  /** In place of the detected one. */
  dialectOf?(file: string): Dialect | undefined;
  limits?: RecordLimits;
  counts?: ValidateCounts;
  /** Records whose facts are kept until the end, to be compared with one another: they bound the memory. */
  mostCompared?: number;
}

/** About two gigabytes of facts. */
const MOST_COMPARED = 2_000_000;

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
  const { limits = DEFAULT_LIMITS, dialectOf } = options;
  for (const file of [...context, ...files]) await indexTools(file, index, { limits, dialect: dialectOf?.(file) });
  const kept: Kept[] = [];
  for (const file of files) yield* validateFile(file, index, facts, kept, options);
  for (const one of kept) {
    const findings = acrossFindings(one, facts, options);
    if (findings.length > 0) yield findings;
  }
}

export { indexTools };

export function linkExperiments(experiments: readonly ExperimentLinks[], index: ToolIndex, facts: FactIndex): void {
  for (const { file: experiment, tools, train, heldOut, demonstrations } of experiments) {
    for (const file of [train, heldOut, demonstrations]) if (file !== undefined) index.setExperiment(file, tools);
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
    .filter(
      ({ train = "", heldOut = "", demonstrations = "" }) =>
        near.has(train) || near.has(heldOut) || near.has(demonstrations),
    )
    .flatMap(({ tools }) => tools);
  const questions = files
    .filter((file) => basename(dirname(file)) === "possible_answer")
    .flatMap((file) => [
      join(dirname(file), "..", basename(file)),
      join(dirname(file), "..", "question", basename(file)),
    ]);
  const known = new Set(experiments.flatMap(({ train, heldOut, demonstrations }) => [train, heldOut, demonstrations]));
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
  { rules, limits = DEFAULT_LIMITS, dialectOf, counts = noCounts(), mostCompared = MOST_COMPARED }: ValidateOptions,
): AsyncGenerator<PlacedFinding[]> {
  let dialect = dialectOf?.(file);
  const passed = (bytes: number): void => {
    counts.bytes += bytes;
  };
  for await (const batch of readRecords(file, limits.length, passed)) {
    dialect ??= detectDialect(batch.slice(0, SAMPLED).map(({ text }) => ParsedRecord.parse(text, limits).value));
    counts.records.set(file, (counts.records.get(file) ?? 0) + batch.length);
    const placed: PlacedFinding[] = [];
    for (const source of batch) {
      const record = parse(source, limits);
      const origin = DiskOrigin.of(file, source);
      const input: RecordInput = { record, dialect, origin, rules, scopeOf: (sample) => index.scopeOf(sample, file) };
      const analysis = analyzeRecord(input);
      for (const finding of analysis.findings) placed.push(new PlacedFinding(file, source, finding));
      if (analysis.facts.facts.length === 0) continue;
      if (kept.length >= mostCompared) {
        counts.uncompared++;
        continue;
      }
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
  const source = { start: origin.start, text: findings.length > 0 ? origin.text() : "", index: record };
  return findings.map((finding) => new PlacedFinding(origin.file, source, finding));
}
