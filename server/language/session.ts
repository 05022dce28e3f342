/** The open documents of one editor: what changes in them, what is found in them, and when it is looked for. */
import {
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  type TextDocumentContentChangeEvent,
} from "vscode-languageserver";
import type { Severity } from "../toolcalls/dialects/dialect.ts";
import { plain } from "../toolcalls/display.ts";
import { DocumentAnalysis, type DocumentFindings, type Surroundings } from "./analysis/documentAnalysis.ts";
import { FactIndex } from "./analysis/facts.ts";
import { RuleSet } from "./analysis/ruleSet.ts";
import { DEFAULT_SETTINGS, type LanguageSettings } from "./settings.ts";
import { pathOf, uriOf } from "./uris.ts";
import { experimentsNear } from "./workspace/experiments.ts";
import { ToolIndex } from "./workspace/toolIndex.ts";
import { contextFiles, indexTools, linkExperiments } from "./workspace/validateFiles.ts";

/** Longest time for which nothing else is answered, milliseconds. */
const SLICE = 20;
/** Between two times that unfinished findings are shown, milliseconds. */
const REFRESH = 500;

interface Open {
  analysis: DocumentAnalysis;
  version: number;
  publishedAt: number;
}

export class Session {
  readonly #connection: Connection;
  readonly #tools = new ToolIndex();
  readonly #facts = new FactIndex();
  readonly #open = new Map<string, Open>();
  #settings: LanguageSettings = DEFAULT_SETTINGS;
  #working = false;

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

  get settings(): LanguageSettings {
    return this.#settings;
  }

  get tools(): ToolIndex {
    return this.#tools;
  }

  get facts(): FactIndex {
    return this.#facts;
  }

  configure(settings: LanguageSettings): void {
    this.#settings = settings;
    this.#invalidate();
  }

  open(uri: string, version: number, text: string): void {
    this.close(uri);
    const file = pathOf(uri);
    this.#open.set(uri, { analysis: new DocumentAnalysis(file, text, this.#surroundings()), version, publishedAt: 0 });
    this.#work();
    this.#surround(file).catch((error: unknown) => this.#connection.console.error(plain(String(error), 500)));
  }

  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void {
    const open = this.#open.get(uri);
    if (open === undefined) return;
    open.version = version;
    open.publishedAt = 0;
    for (const change of changes) open.analysis.apply(change);
    this.#work();
  }

  show(uri: string, firstLine: number, lastLine: number): void {
    this.#open.get(uri)?.analysis.show(firstLine, lastLine);
    this.#work();
  }

  close(uri: string): void {
    const open = this.#open.get(uri);
    if (open === undefined) return;
    open.analysis.close();
    this.#open.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  /** Files on disk have changed: tools, experiments, or what stands beside them. */
  async refresh(): Promise<void> {
    for (const { analysis } of this.#open.values()) await this.#surround(analysis.document.file);
  }

  /** What the file needs from others on disk; then everything is looked at again in that light. */
  async #surround(file: string): Promise<void> {
    const experiments = experimentsNear([file]);
    linkExperiments(experiments, this.#tools, this.#facts);
    for (const context of contextFiles([file], experiments)) await indexTools(context, this.#tools, {});
    this.#invalidate();
  }

  #invalidate(): void {
    for (const open of this.#open.values()) {
      open.analysis.invalidate(this.#surroundings());
      open.publishedAt = 0;
    }
    this.#work();
  }

  #surroundings(): Surroundings {
    const { rules, maxRecordLength, maxDepth } = this.#settings;
    return {
      rules: new RuleSet(rules),
      limits: { length: maxRecordLength, depth: maxDepth },
      facts: this.#facts,
      scopeOf: (sample, file) => this.#tools.scopeOf(sample, file),
    };
  }

  #work(): void {
    if (this.#working) return;
    this.#working = true;
    setImmediate(() => this.#slice());
  }

  /** One slice for every open document, then whatever has arrived meanwhile. */
  #slice(): void {
    let left = false;
    for (const [uri, open] of this.#open) {
      const done = open.analysis.advance(SLICE);
      const due = open.publishedAt !== Number.POSITIVE_INFINITY && performance.now() - open.publishedAt > REFRESH;
      if (due || (done && open.publishedAt !== Number.POSITIVE_INFINITY)) {
        this.#publish(uri, open);
        open.publishedAt = done ? Number.POSITIVE_INFINITY : performance.now();
      }
      left ||= !done;
    }
    this.#working = false;
    if (left) this.#work();
  }

  #publish(uri: string, { analysis, version }: Open): void {
    const found = analysis.findings(this.#settings.maxFindings);
    void this.#connection.sendDiagnostics({
      uri,
      version,
      diagnostics: [...found.findings.map(diagnosticOf), ...rest(found)],
    });
  }
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

function diagnosticOf({ finding, range }: DocumentFindings["findings"][number]): Diagnostic {
  return {
    range,
    message: finding.message,
    severity: SEVERITIES[finding.severity],
    code: finding.rule,
    source: "toolexpander",
    ...(finding.data === undefined ? {} : { data: finding.data }),
    ...(finding.related.length === 0
      ? {}
      : {
          relatedInformation: finding.related.map(({ message, origin, ref }) => ({
            message,
            location: { uri: uriOf(origin.file), range: origin.locate(ref) },
          })),
        }),
  };
}

/** Says how many findings are not shown, on the first line. */
function rest({ findings, total, pending }: DocumentFindings): Diagnostic[] {
  if (total <= findings.length) return [];
  const count = pending > 0 ? `At least ${total}` : String(total);
  const message = `${count} findings in this file, of which the first ${findings.length} are shown.`;
  const start = { line: 0, character: 0 };
  return [{ range: { start, end: start }, message, severity: DiagnosticSeverity.Information, source: "toolexpander" }];
}
