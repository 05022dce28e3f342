/** The open documents of one editor: what changes in them, what is found in them, and when it is looked for. */
import {
  type Connection,
  MessageType,
  ShowMessageNotification,
  type TextDocumentContentChangeEvent,
} from "vscode-languageserver";
import { plain } from "../toolcalls/display.ts";
import { type Change, DocumentAnalysis, type Surroundings } from "./analysis/documentAnalysis.ts";
import { FactIndex } from "./analysis/facts.ts";
import { RuleSet } from "./analysis/ruleSet.ts";
import { ToolScope } from "./analysis/scope.ts";
import { ChosenDialects } from "./chosenDialects.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import { Repeated } from "./repeated.ts";
import { DEFAULT_SETTINGS, type LanguageSettings } from "./settings.ts";
import { pathOf } from "./uris.ts";
import { Neighbours, type ReadingOptions } from "./workspace/neighbours.ts";
import { ToolFiles } from "./workspace/toolFiles.ts";
import { ToolIndex } from "./workspace/toolIndex.ts";

/** Longest time for which nothing else is answered, milliseconds. */
const SLICE = 10;
/** Between two times that unfinished findings are shown, milliseconds. */
const REFRESH = 500;
/** Of quiet, before changed files are read again, milliseconds: a checkout changes many at once. */
const QUIET = 100;

interface Open {
  readonly uri: string;
  readonly analysis: DocumentAnalysis;
  version: number;
  /** When findings were last shown; -Infinity where they are to be shown at once. */
  publishedAt: number;
  /** Of its tools, when they were last handed on. */
  toolVersion: number;
  /** The tools in force when it was last looked at. */
  scope: ToolScope;
  /** Settles when the tools of the files around it have been read. */
  readonly toolsRead: PromiseWithResolvers<void>;
}

export class Session {
  readonly #connection: Connection;
  readonly #tools = new ToolIndex();
  readonly #facts = new FactIndex();
  readonly #neighbours = new Neighbours(this.#tools, this.#facts);
  readonly #open = new Map<string, Open>();
  /** Files around which nothing has been read yet: until then no tool of another folder is taken for one of theirs. */
  readonly #alone = new Set<string>();
  /** Documents with work left, the one a person has just touched first. */
  #queue = new Set<Open>();
  #settings: LanguageSettings = DEFAULT_SETTINGS;
  /** Of the settings; one for all documents, since it remembers sound tools. */
  #rules = RuleSet.standard;
  #dialects = ChosenDialects.none;
  #working = false;
  readonly #toolsReading = new Repeated(() => this.#readTools());
  /** Apart from the tools, which are few and which everybody waits for. */
  readonly #factsReading = new Repeated(() => this.#readFacts());

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** For features that answer about one place. */
  analysis(uri: string): DocumentAnalysis | undefined {
    return this.#open.get(uri)?.analysis;
  }

  /** Every open document, by its uri. */
  get analyses(): ReadonlyMap<string, DocumentAnalysis> {
    return new Map([...this.#open].map(([uri, { analysis }]) => [uri, analysis]));
  }

  /** Of files whose dialect is not to be detected. */
  get dialects(): ChosenDialects {
    return this.#dialects;
  }

  /** Tools of files that no open document needs; for features that answer about the whole workspace. */
  readonly toolFiles = new ToolFiles();

  get settings(): LanguageSettings {
    return this.#settings;
  }

  get tools(): ToolIndex {
    return this.#tools;
  }

  get facts(): FactIndex {
    return this.#facts;
  }

  /** The folders of the workspace have changed. */
  setFolders(folders: readonly string[]): void {
    this.#tools.setRoots(folders);
    this.refresh(0);
  }

  configure(settings: LanguageSettings): void {
    const { maxFindings, ...before } = this.#settings;
    const { maxFindings: most, ...now } = settings;
    this.#settings = settings;
    this.#rules = new RuleSet(settings.rules, settings.profiles);
    if (JSON.stringify(before.dialects) !== JSON.stringify(now.dialects)) this.#chooseDialects(settings);
    if (JSON.stringify(before) !== JSON.stringify(now)) this.#invalidate(this.#open.values(), "all");
    else if (maxFindings !== most) this.#invalidate(this.#open.values(), "across");
  }

  /** Other files may be read otherwise too. */
  #chooseDialects({ dialects }: LanguageSettings): void {
    this.#dialects = new ChosenDialects(dialects);
    this.refresh();
    const [first, ...more] = this.#dialects.faults;
    if (first === undefined) return;
    const message = more.length === 0 ? first : `${first} And ${more.length} more in this setting.`;
    void this.#connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
  }

  open(uri: string, version: number, text: string): void {
    this.close(uri);
    const file = pathOf(uri);
    this.#alone.add(file);
    const open: Open = {
      uri,
      analysis: new DocumentAnalysis(file, text, this.#surroundings(file)),
      version,
      publishedAt: Number.NEGATIVE_INFINITY,
      toolVersion: 0,
      scope: ToolScope.unknown,
      toolsRead: Promise.withResolvers(),
    };
    this.#open.set(uri, open);
    this.#workOn(open);
    this.refresh(0);
  }

  /** Settles when an answer about the document's tools can be right; at once for all but a document that was just opened. */
  async toolsKnown(uri: string): Promise<void> {
    await this.#open.get(uri)?.toolsRead.promise;
  }

  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void {
    const open = this.#open.get(uri);
    if (open === undefined) return;
    open.version = version;
    open.publishedAt = Number.NEGATIVE_INFINITY;
    for (const change of changes) open.analysis.apply(change);
    this.#workOn(open);
  }

  show(uri: string, firstLine: number, lastLine: number): void {
    const open = this.#open.get(uri);
    if (open === undefined) return;
    open.analysis.show(firstLine, lastLine);
    this.#workOn(open);
  }

  close(uri: string): void {
    const open = this.#open.get(uri);
    if (open === undefined) return;
    open.analysis.close();
    open.toolsRead.resolve();
    this.#alone.delete(open.analysis.document.file);
    this.#open.delete(uri);
    this.#queue.delete(open);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    this.refresh();
  }

  /** Files on disk, or tools in open documents, may have changed. @param quiet milliseconds in which more may change */
  refresh(quiet = QUIET): void {
    this.#toolsReading.request(quiet);
    this.#factsReading.request(quiet);
  }

  /** Then looks again at the documents for which other tools are in force. */
  async #readTools(): Promise<void> {
    const asked = [...this.#open.values()];
    const relinked = await this.#neighbours.readTools(this.#byFile(), this.#readingOptions()).catch(this.#fault);
    for (const open of asked) {
      this.#alone.delete(open.analysis.document.file);
      open.toolsRead.resolve();
    }
    for (const open of this.#open.values()) {
      const scope = this.#scopeOfFile(open.analysis.document.file);
      const changed = relinked === true || !scope.equals(open.scope);
      open.scope = scope;
      if (changed) this.#invalidate([open], "tools");
    }
  }

  async #readFacts(): Promise<void> {
    await this.#neighbours.readFacts(this.#byFile(), this.#readingOptions()).catch(this.#fault);
    for (const open of this.#open.values()) if (!open.analysis.idle) this.#workOn(open);
  }

  readonly #fault = (error: unknown): void => this.#connection.console.error(plain(String(error), 500));

  #byFile(): Map<string, DocumentAnalysis> {
    return new Map([...this.#open.values()].map(({ analysis }) => [analysis.document.file, analysis]));
  }

  #readingOptions(): ReadingOptions {
    const { maxRecordLength: length, maxDepth: depth } = this.#settings;
    return { limits: { length, depth }, dialects: this.#dialects };
  }

  #scopeOfFile(file: string): ToolScope {
    return this.#alone.has(file) ? ToolScope.unknown : this.#tools.scopeOfFile(file);
  }

  #invalidate(changed: Iterable<Open>, change: Change): void {
    for (const open of changed) {
      open.analysis.invalidate(this.#surroundings(open.analysis.document.file), change);
      this.#workOn(open);
    }
  }

  #surroundings(file: string): Surroundings {
    const { maxRecordLength, maxDepth } = this.#settings;
    const dialect = this.#dialects.of(file);
    return {
      rules: this.#rules,
      limits: { length: maxRecordLength, depth: maxDepth },
      facts: this.#facts,
      scopeOf: (sample, of) => (this.#alone.has(of) ? ToolScope.unknown : this.#tools.scopeOf(sample, of)),
      ...(dialect === undefined ? {} : { dialect }),
    };
  }

  #workOn(open: Open): void {
    this.#queue = new Set([open, ...this.#queue]);
    this.#work();
  }

  #work(): void {
    if (this.#working) return;
    this.#working = true;
    setImmediate(() => this.#slice());
  }

  /** One slice for one document, then whatever has arrived meanwhile. */
  #slice(): void {
    this.#working = false;
    const [open] = this.#queue;
    if (open === undefined) return;
    this.#queue.delete(open);
    const done = open.analysis.advance(SLICE);
    if (done || performance.now() - open.publishedAt > REFRESH) this.#publish(open);
    if (!done) this.#queue.add(open);
    else this.#handOn(open);
    if (this.#queue.size > 0) this.#work();
  }

  /** Its facts may mean something for records of other documents, its tools for their calls. */
  #handOn(changed: Open): void {
    for (const open of this.#open.values()) if (!open.analysis.idle) this.#queue.add(open);
    if (changed.toolVersion !== changed.analysis.toolVersion) this.refresh();
    changed.toolVersion = changed.analysis.toolVersion;
  }

  #publish(open: Open): void {
    const { uri, analysis, version } = open;
    open.publishedAt = performance.now();
    const diagnostics = diagnosticsOf(analysis.findings(this.#settings.maxFindings));
    void this.#connection.sendDiagnostics({ uri, version, diagnostics });
  }
}
