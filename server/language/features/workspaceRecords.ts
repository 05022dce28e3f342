/** All records of a workspace's files, open documents as they stand in the editor and the others from disk. */
import { existsSync } from "node:fs";
import { glob, stat } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import { REPLACEMENT_SUFFIX } from "../../toolcalls/replacementName.ts";
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import { FactIndex } from "../analysis/facts.ts";
import { RuleSet } from "../analysis/ruleSet.ts";
import { ScopedTool, type TextRange, type ToolScope } from "../analysis/scope.ts";
import { ChosenDialects } from "../chosenDialects.ts";
import type { Span } from "../records/locate.ts";
import { rangeOf } from "../records/recordDocument.ts";
import { sampledDialect } from "../records/sampled.ts";
import type { RecordLimits } from "../records/scan.ts";
import { DiskOrigin } from "../workspace/diskOrigin.ts";
import { contextFiles, linkExperiments } from "../workspace/experimentContext.ts";
import { experimentsNear, linkedFiles } from "../workspace/experiments.ts";
import { readRecords } from "../workspace/files.ts";
import { setTools } from "../workspace/indexFile.ts";
import { ToolFiles } from "../workspace/toolFiles.ts";
import { ToolIndex } from "../workspace/toolIndex.ts";
import { OpenRecord } from "./openRecord.ts";
import { RecordView } from "./recordView.ts";

/** What files of ours are called. */
const OUR_FILES = [
  ...[
    "tools.json",
    "demos.jsonl",
    "demos.json",
    "samples.jsonl",
    "samples.json",
    "questions.jsonl",
    "results.jsonl",
  ].map((name) => `**/*.${name}`),
  `**/*${REPLACEMENT_SUFFIX}`,
];
const SKIPPED = new Set(["node_modules", ".git", "dist"]);

export interface WorkspaceRecord {
  file: string;
  view: RecordView;
  range(span: Span): TextRange;
}

export interface WorkspaceOptions {
  /** Folders that are searched. */
  folders: readonly string[];
  /** Looked at besides what is found there and in the experiments that name them. */
  files: readonly string[];
  limits: RecordLimits;
  /** Of files whose dialect is not to be detected. */
  dialects?: ChosenDialects;
  /** What is known from before of files on disk. */
  toolFiles?: ToolFiles;
  /** Open documents by their path. */
  open: ReadonlyMap<string, DocumentAnalysis>;
}

export class WorkspaceRecords {
  readonly files: readonly string[];
  readonly #options: WorkspaceOptions;
  readonly #tools: ToolIndex;

  private constructor(files: readonly string[], tools: ToolIndex, options: WorkspaceOptions) {
    this.files = files;
    this.#tools = tools;
    this.#options = options;
  }

  static async open(options: WorkspaceOptions): Promise<WorkspaceRecords> {
    const files = new Set([...options.files, ...options.open.keys()]);
    for (const folder of options.folders)
      for await (const name of glob(OUR_FILES, { cwd: folder, exclude: (path) => SKIPPED.has(path) }))
        files.add(resolve(folder, name));
    const tools = new ToolIndex();
    const experiments = experimentsNear([...files]);
    for (const file of experiments.flatMap(linkedFiles)) if (existsSync(file)) files.add(file);
    linkExperiments(experiments, tools, new FactIndex());
    const all = [...files].filter((file) => options.open.has(file) || existsSync(file)).sort();
    const catalogs = all.filter((file) => file.endsWith(".tools.json"));
    const { limits, dialects = ChosenDialects.none, toolFiles = new ToolFiles() } = options;
    const onDisk = [...new Set([...catalogs, ...contextFiles(all, experiments)])].filter(
      (file) => !options.open.has(file),
    );
    for (const file of onDisk) setTools(file, await toolFiles.of(file, { limits, dialect: dialects.of(file) }), tools);
    toolFiles.keep(new Set(onDisk));
    for (const [file, analysis] of options.open) tools.setTools(file, toolsOf(analysis));
    return new WorkspaceRecords(all, tools, options);
  }

  /** The catalogs' tools that are in force in a file. */
  scopeOfFile(file: string): ToolScope {
    return this.#tools.scopeOfFile(file);
  }

  /** Bytes of the file on disk; 0 for a document that is open, since the editor holds it. */
  async size(file: string): Promise<number> {
    return this.#options.open.has(file) ? 0 : (await stat(file)).size;
  }

  /** Records whose text may hold this text, in the order of the file. */
  mentioning(file: string, text: string): AsyncGenerator<WorkspaceRecord> {
    return this.matching(file, mayHold(text));
  }

  /** Records whose text is wanted, in the order of the file. */
  async *matching(file: string, wanted: (text: string) => boolean): AsyncGenerator<WorkspaceRecord> {
    const analysis = this.#options.open.get(file);
    if (analysis !== undefined) yield* this.#opened(analysis, wanted);
    else yield* this.#onDisk(file, wanted);
  }

  *#opened(analysis: DocumentAnalysis, wanted: (text: string) => boolean): Generator<WorkspaceRecord> {
    const { document } = analysis;
    for (let index = 0; index < document.count; index++) {
      const slot = document.slot(index);
      if (slot === undefined || !wanted(slot.text)) continue;
      yield this.#record(document.file, slot.text, document.start(index), analysis.dialect, () => slot.text);
    }
  }

  async *#onDisk(file: string, wanted: (text: string) => boolean): AsyncGenerator<WorkspaceRecord> {
    const { limits, dialects = ChosenDialects.none } = this.#options;
    let dialect = dialects.of(file);
    for await (const batch of readRecords(file, limits.length)) {
      dialect ??= sampledDialect(batch, limits);
      for (const { text, start, reread } of batch)
        if (wanted(text)) yield this.#record(file, text, start, dialect, reread);
    }
  }

  #record(
    file: string,
    text: string,
    start: TextRange["start"],
    dialect: Dialect | undefined,
    reread: () => string,
  ): WorkspaceRecord {
    const view = new RecordView(text, {
      dialect,
      limits: this.#options.limits,
      rules: RuleSet.standard,
      origin: new DiskOrigin(file, start, reread),
      scopeOf: (sample) => this.#tools.scopeOf(sample, file),
    });
    return { file, view, range: (span) => rangeOf(start, text, span) };
  }
}

/** As they stand in the editor now; a large document may not have been checked to its end. */
function toolsOf(analysis: DocumentAnalysis): ScopedTool[] {
  const { document } = analysis;
  const tools: ScopedTool[] = [];
  for (let index = 0; index < document.count; index++) {
    // The first record tells whether it is a catalog: of samples none needs to be read.
    const view = OpenRecord.of(analysis, index)?.view;
    if (view === undefined) continue;
    if (view.reading.tools.length === 0 && view.reading.samples.length > 0) break;
    for (const tool of view.reading.tools) tools.push(new ScopedTool(tool, view.frame.origin));
  }
  return tools;
}

/** A text stands in JSON as it is, unless characters of it are written as escapes. */
function mayHold(text: string): (record: string) => boolean {
  return (record) => record.includes(text) || record.includes("\\u") || /[^ -~]|["\\]/.test(text);
}

/** Folders to search for a file that belongs to no workspace: its own, and that of the experiment that names it. */
export function foldersAround(file: string): string[] {
  if (!isAbsolute(file)) return [];
  const named = experimentsNear([file]).filter((links) => linkedFiles(links).includes(file));
  return [...new Set([dirname(file), ...named.map((links) => dirname(links.file))])];
}
