/** Findings as an editor gets them. */
import { type Diagnostic, DiagnosticSeverity } from "vscode-languageserver";
import type { Severity } from "../toolcalls/dialects/dialect.ts";
import type { DocumentFindings } from "./analysis/documentAnalysis.ts";
import { uriOf } from "./uris.ts";

export const diagnosticsOf = (found: DocumentFindings): Diagnostic[] => [
  ...found.findings.map(diagnosticOf),
  ...rest(found),
];

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
