/** Findings of a checked file in the Problems panel: on its pages, each with the line that it has in the file. */
import * as vscode from "vscode";
import type { TextRange } from "../../server/language/analysis/scope.ts";
import { plain } from "../../server/toolcalls/display.ts";
import { withRulePages } from "../language/rulePages.ts";
import type { CheckedFile } from "./checkProcess.ts";
import type { PageFinding } from "./messages.ts";
import { pageUri } from "./pageUris.ts";
import { totalOf } from "./summaryText.ts";

/** Pages that are handed to the editor at a time, before it does something else. */
const AT_ONCE = 20;
const LONGEST_MESSAGE = 2000;

export class PageProblems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("toolexpander-pages");
  readonly #rulePages: vscode.Uri;
  readonly #shown = new Map<string, readonly vscode.Uri[]>();

  constructor(rulePages: vscode.Uri) {
    this.#rulePages = rulePages;
  }

  /** Replaces what was shown of the file before. Settles when all is handed over. */
  async show(checked: CheckedFile): Promise<void> {
    this.clear(checked.file);
    const uris = checked.pages.map((page, number) => pageUri(checked.file, number, page));
    this.#shown.set(checked.file, uris);
    const byPage = Map.groupBy(checked.findings, ({ page }) => page);
    let count = 0;
    for (const [number, findings] of byPage) {
      const uri = uris[number];
      if (uri === undefined) continue;
      const diagnostics = findings.map((finding) => diagnosticOf(finding, uris));
      if (number === checked.findings[0]?.page) diagnostics.push(...rest(checked));
      this.#collection.set(uri, withRulePages(diagnostics, this.#rulePages));
      if (++count % AT_ONCE > 0) continue;
      await new Promise((next) => setImmediate(next));
      // Another check of the file, or its end, came in between.
      if (this.#shown.get(checked.file) !== uris) return;
    }
  }

  clear(file: string): void {
    for (const uri of this.#shown.get(file) ?? []) this.#collection.delete(uri);
    this.#shown.delete(file);
  }

  dispose(): void {
    this.#collection.dispose();
  }
}

const SEVERITIES = { error: "Error", warning: "Warning", information: "Information", hint: "Hint" } as const;

const severityOf = (severity: PageFinding["severity"]): vscode.DiagnosticSeverity =>
  vscode.DiagnosticSeverity[SEVERITIES[severity]];

function diagnosticOf(finding: PageFinding, uris: readonly vscode.Uri[]): vscode.Diagnostic {
  const text = vscode.l10n.t("Line {0}: {1}", String(finding.line + 1), plain(finding.message, LONGEST_MESSAGE));
  const diagnostic = new vscode.Diagnostic(rangeOf(finding.range), text, severityOf(finding.severity));
  diagnostic.source = "toolexpander";
  diagnostic.code = finding.rule;
  diagnostic.relatedInformation = finding.related.map(({ message, file, page, range }) => {
    const uri = page === undefined ? undefined : uris[page];
    const location = new vscode.Location(uri ?? vscode.Uri.file(file), rangeOf(range));
    return new vscode.DiagnosticRelatedInformation(location, message);
  });
  return diagnostic;
}

const rangeOf = ({ start, end }: TextRange): vscode.Range =>
  new vscode.Range(start.line, start.character, end.line, end.character);

/** Says how many findings are not shown, where the first one is. */
function rest({ findings, summary }: CheckedFile): vscode.Diagnostic[] {
  const total = totalOf(summary);
  if (findings.length >= total) return [];
  const message = vscode.l10n.t(
    "{0} findings in this file, of which the first {1} are shown.",
    String(total),
    String(findings.length),
  );
  const diagnostic = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), message, severityOf("information"));
  diagnostic.source = "toolexpander";
  return [diagnostic];
}
