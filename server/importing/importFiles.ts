/** Samples of any dialect as rows of ours, with the tools they call; what is no row is counted with its reason. */
import { hash } from "node:crypto";
import { basename } from "node:path";
import type { Sample as Row } from "../../schemas/samples.ts";
import { analyzeRecord, readingOf } from "../language/analysis/analyzeRecord.ts";
import { RuleSet } from "../language/analysis/ruleSet.ts";
import type { ToolScope } from "../language/analysis/scope.ts";
import { ParsedRecord } from "../language/records/parsedRecord.ts";
import { sampledDialect } from "../language/records/sampled.ts";
import { DEFAULT_LIMITS, type RecordLimits } from "../language/records/scan.ts";
import { DiskOrigin } from "../language/workspace/diskOrigin.ts";
import type { FileRecord } from "../language/workspace/files.ts";
import { indexTools } from "../language/workspace/indexFile.ts";
import { ToolIndex } from "../language/workspace/toolIndex.ts";
import type { Dialect } from "../toolcalls/dialects/dialect.ts";
import { callsOf, type Reading, type Sample, type Tool } from "../toolcalls/dialects/model.ts";
import { canonicalText } from "../toolcalls/jsonSchema/canonical.ts";
import { importedRow } from "./importedRow.ts";
import { ImportReport } from "./importReport.ts";
import { readSource } from "./sources.ts";
import { type BookedTool, ToolBook } from "./toolBook.ts";

export interface ImportOptions {
  /** In place of the detected one. */
  dialect?: Dialect;
  limits?: RecordLimits;
}

export interface ImportResult {
  rows: Row[];
  tools: BookedTool[];
  report: ImportReport;
}

/**
 * @param files absolute paths of files that exist; catalogs among them define tools for the samples of the others
 * @throws InputError where a file cannot be read at all
 */
export async function importFiles(files: readonly string[], options: ImportOptions = {}): Promise<ImportResult> {
  const importer = new Importer(options);
  for (const file of files) if (!/\.parquet$/i.test(file)) await indexTools(file, importer.index, options);
  for (const file of files) await importer.read(file);
  importer.answerTwins();
  return importer.result();
}

/** A question whose answer stands in another file, and the other way round (BFCL). */
interface Half {
  sample: Sample;
  place: Place;
}

interface Place {
  file: string;
  /** From 1. */
  line: number;
}

class Importer {
  readonly index = new ToolIndex();
  readonly #options: ImportOptions;
  readonly #report = new ImportReport();
  readonly #book = new ToolBook();
  readonly #rows: Row[] = [];
  readonly #ids = new Set<string>();
  /** Questions with their answers. */
  readonly #said = new Set<string>();
  readonly #questions = new Map<string, Half & { tools: readonly Tool[] }>();
  readonly #answers = new Map<string, Half>();

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  async read(file: string): Promise<void> {
    const { limits = DEFAULT_LIMITS } = this.#options;
    let { dialect } = this.#options;
    for await (const batch of readSource(file, limits.length)) {
      dialect ??= sampledDialect(batch, limits);
      for (const source of batch) this.#record(file, source, dialect, limits);
    }
    this.#report.file(file, dialect);
  }

  /** Questions and answers of different files meet by their id. That no tool fits, BFCL says by the id alone. */
  answerTwins(): void {
    for (const [id, { sample, place }] of this.#answers) {
      const question = this.#questions.get(id);
      this.#questions.delete(id);
      if (question === undefined) this.#report.drop("Its question is in none of the files.", place);
      else {
        const { gold, ...asked } = question.sample;
        this.#sample({ ...asked, gold: callsOf(sample) }, question.tools, place);
      }
    }
    for (const [id, { sample, place, tools }] of this.#questions) {
      if (/(^|_)irrelevance_/.test(id)) this.#sample({ ...sample, gold: [] }, tools, place);
      else this.#report.drop("It has no answer.", place);
    }
  }

  result(): ImportResult {
    const used = new Set(this.#rows.flatMap(({ tools }) => tools));
    return { rows: this.#rows, tools: this.#book.tools.filter(({ name }) => used.has(name)), report: this.#report };
  }

  #record(file: string, source: FileRecord, dialect: Dialect | undefined, limits: RecordLimits): void {
    const place = { file, line: source.start.line + 1 };
    const record = ParsedRecord.parse(source.text, limits);
    const reading = readingOf(record, dialect);
    const origin = DiskOrigin.of(file, source);
    const scopeOf = (sample: Sample): ToolScope => this.index.scopeOf(sample, file);
    // What the editor would underline as an error, training is not to learn from.
    const { findings } = analyzeRecord({ record, dialect, origin, rules: RuleSet.standard, scopeOf }, reading);
    const error = findings.find(({ severity }) => severity === "error");
    const samples = [...reading.samples, ...reading.demonstrations];
    if (error !== undefined) this.#report.drop(`${error.message} [${error.rule}]`, place, error.rule);
    else if (samples.length === 0) this.#notSample(reading, dialect, place);
    else for (const sample of samples) this.#half(sample, offered(sample, scopeOf(sample)), place);
  }

  #notSample({ tools }: Reading, dialect: Dialect | undefined, place: Place): void {
    if (tools.length > 0) return;
    this.#report.drop(dialect === undefined ? "It is of no dialect that is known." : "It holds no sample.", place);
  }

  #half(sample: Sample, tools: readonly Tool[], place: Place): void {
    const { id, offer, query } = sample;
    if (id !== undefined && offer.kind === "twin" && query === "") this.#answers.set(id, { sample, place });
    else if (id !== undefined && offer.kind === "own" && isQuestion(sample))
      this.#questions.set(id, { sample, place, tools });
    else this.#sample(sample, tools, place);
  }

  #sample(sample: Sample, tools: readonly Tool[], place: Place): void {
    const imported = importedRow(sample, tools, this.#book);
    if ("dropped" in imported) {
      this.#report.drop(imported.dropped, place);
      return;
    }
    const said = hash("sha256", canonicalText([imported.row.query, imported.row.answer]));
    if (this.#said.has(said)) {
      this.#report.drop("It says what an earlier row says.", place);
      return;
    }
    this.#said.add(said);
    for (const note of imported.notes) this.#report.note(note, place);
    this.#report.imported++;
    this.#rows.push({ id: this.#freeId(sample.id, place), ...imported.row });
  }

  #freeId(id: string | undefined, { file, line }: Place): string {
    const wanted = id || `${basename(file).replace(/\..*$/, "")}-${line}`;
    let free = wanted;
    for (let count = 2; this.#ids.has(free); count++) free = `${wanted}-${count}`;
    this.#ids.add(free);
    return free;
  }
}

/** Nobody has answered yet. */
const isQuestion = (sample: Sample): boolean =>
  sample.gold === undefined && sample.turns.every(({ role }) => role === "user" || role === "system");

/** The definitions of the tools that a sample may call. */
function offered({ offer }: Sample, scope: ToolScope): readonly Tool[] {
  if (offer.kind === "own") return offer.tools;
  return scope.names().flatMap((name) => scope.find(name)?.tool ?? []);
}
