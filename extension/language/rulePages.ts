/** Leads from a finding's rule id to the page that documents the rule; the pages ship with the extension. */
import * as vscode from "vscode";

/** The findings, each with a link behind its code. What is not the id of a rule has no page and stays as it is. */
export function withRulePages(findings: vscode.Diagnostic[], pages: vscode.Uri): vscode.Diagnostic[] {
  for (const finding of findings) {
    const { code } = finding;
    if (typeof code !== "string" || !/^[a-z][a-z-]*$/.test(code)) continue;
    finding.code = { value: code, target: vscode.Uri.joinPath(pages, `${code}.md`) };
  }
  return findings;
}
