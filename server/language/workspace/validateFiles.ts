/**
 * Checks files on disk, as many and as large as there are. Every file passes by record by record; files whose samples call tools that
 * are defined elsewhere come when all others have been seen. At last, what records say of each other is compared.
 */
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import type { Reading, Sample } from "../../toolcalls/dialects/model.ts";
import { analyzeAcross, analyzeRecord, readingOf } from "../analysis/analyzeRecord.ts";
import { FactIndex, type RecordFacts } from "../analysis/facts.ts";
import type { Finding } from "../analysis/finding.ts";
import type { RuleSet } from "../analysis/ruleSet.ts";
import type { ScopedTool, TextRange, ToolScope } from "../analysis/scope.ts";
import { Locator } from "../records/locate.ts";
import { ParsedRecord } from "../records/parsedRecord.ts";
import { rangeOf } from "../records/recordDocument.ts";
import { SAMPLED, sampledDialect } from "../records/sampled.ts";
import { DEFAULT_LIMITS, type RecordLimits } from "../records/scan.ts";
import { DiskOrigin } from "./diskOrigin.ts";
import { contextFiles, editedFiles, linkExperiments } from "./experimentContext.ts";
import { experimentsNear } from "./experiments.ts";
import { type FileRecord, readRecords } from "./files.ts";
import { type IndexOptions, indexFacts, indexTools, setTools, type Twin, toolsOf } from "./indexFile.ts";
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
    return rangeOf(this.#source.start, this.#source.text, this.finding.span);
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
  const indexed = (file: string): IndexOptions => ({ limits, dialect: dialectOf?.(file) });
  for (const file of context) await indexTools(file, index, indexed(file));
  for (const file of editedFiles(files, experiments))
    if (!checked.has(file)) await indexFacts(file, facts, indexed(file));
  const pass = new Pass(index, facts, options);
  for (const file of files) yield* pass.independent(file);
  yield* pass.dependent();
  for (const one of pass.kept) {
    const findings = acrossFindings(one, facts, options);
    if (findings.length > 0) yield findings;
  }
}

/** One pass over all files, in an order in which each tool is known before it is called. */
class Pass {
  /** What is compared in the end. */
  readonly kept: Kept[] = [];
  readonly #index: ToolIndex;
  readonly #facts: FactIndex;
  readonly #options: ValidateOptions;
  readonly #counts: ValidateCounts;
  readonly #waitingFiles: string[] = [];
  readonly #waitingRecords: { file: string; source: FileRecord; dialect: Dialect | undefined }[] = [];

  constructor(index: ToolIndex, facts: FactIndex, options: ValidateOptions) {
    this.#index = index;
    this.#facts = facts;
    this.#options = options;
    this.#counts = options.counts ?? noCounts();
  }

  /** Checks the file and indexes its tools, unless its first records call tools of other files: then it waits for those. */
  async *independent(file: string): AsyncGenerator<PlacedFinding[]> {
    const tools: ScopedTool[] = [];
    const twins: Twin[] = [];
    let first = true;
    let bytes = 0;
    const passed = (read: number): void => {
      bytes += read;
    };
    for await (const { sources, dialect } of this.#batches(file, passed)) {
      if (first && sources.slice(0, SAMPLED).some((source) => callsOthers(this.#read(source, dialect).reading))) {
        this.#waitingFiles.push(file);
        const { limits = DEFAULT_LIMITS } = this.#options;
        await indexTools(file, this.#index, { limits, dialect });
        return;
      }
      first = false;
      // Of a file that waits, nothing counts yet: it passes by once more.
      this.#passed(bytes);
      bytes = 0;
      const placed: PlacedFinding[] = [];
      for (const source of sources) {
        const record = this.#read(source, dialect);
        const { reading } = record;
        if (dialect !== undefined) {
          const found = toolsOf({ reading, dialect, origin: DiskOrigin.of(file, source) });
          tools.push(...found.tools);
          twins.push(...found.twins);
        }
        if (callsOthers(reading)) this.#waitingRecords.push({ file, source: forgotten(source), dialect });
        else placed.push(...this.#check(file, record));
      }
      if (placed.length > 0) yield placed;
    }
    setTools(file, { tools, twins }, this.#index);
  }

  /** The rest, when nothing is left to be defined. */
  async *dependent(): AsyncGenerator<PlacedFinding[]> {
    for (const { file, source, dialect } of this.#waitingRecords) {
      const placed = this.#check(file, this.#read({ ...source, text: source.reread() }, dialect));
      if (placed.length > 0) yield placed;
    }
    for (const file of this.#waitingFiles) {
      for await (const { sources, dialect } of this.#batches(file, (bytes) => this.#passed(bytes))) {
        const placed = sources.flatMap((source) => this.#check(file, this.#read(source, dialect)));
        if (placed.length > 0) yield placed;
      }
    }
  }

  #passed(bytes: number): void {
    this.#counts.bytes += bytes;
  }

  async *#batches(
    file: string,
    passed: (bytes: number) => void,
  ): AsyncGenerator<{ sources: FileRecord[]; dialect: Dialect | undefined }> {
    const { limits = DEFAULT_LIMITS, dialectOf } = this.#options;
    let dialect = dialectOf?.(file);
    for await (const sources of readRecords(file, limits.length, passed)) {
      dialect ??= sampledDialect(sources, limits);
      yield { sources, dialect };
    }
  }

  #read(source: FileRecord, dialect: Dialect | undefined): ReadRecord {
    const record = parse(source, this.#options.limits ?? DEFAULT_LIMITS);
    return { source, record, dialect, reading: readingOf(record, dialect) };
  }

  #check(file: string, { source, record, dialect, reading }: ReadRecord): PlacedFinding[] {
    const origin = DiskOrigin.of(file, source);
    const { rules, mostCompared = MOST_COMPARED } = this.#options;
    const scopeOf = (sample: Sample): ToolScope => this.#index.scopeOf(sample, file);
    const { findings, facts } = analyzeRecord({ record, dialect, origin, rules, scopeOf }, reading);
    this.#counts.records.set(file, (this.#counts.records.get(file) ?? 0) + 1);
    if (facts.facts.length > 0 && this.kept.length >= mostCompared) this.#counts.uncompared++;
    else if (facts.facts.length > 0) {
      this.#facts.add(origin, facts);
      this.kept.push({ origin, index: source.index, facts, dialect });
    }
    return findings.map((finding) => new PlacedFinding(file, source, finding));
  }
}

interface ReadRecord {
  source: FileRecord;
  record: ParsedRecord;
  dialect: Dialect | undefined;
  reading: Reading;
}

/** Whether calls of the record are of tools that it does not define itself. */
const callsOthers = ({ samples, demonstrations }: Reading): boolean =>
  [...samples, ...demonstrations].some(
    ({ offer, demonstrations: own }) => offer.kind !== "own" || own.some((one) => one.offer.kind !== "own"),
  );

/** Without its text, which would be held until the file's turn comes. */
const forgotten = (source: FileRecord): FileRecord => ({ ...source, text: "" });

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
