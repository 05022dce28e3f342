/** Quick fixes for the findings at a place, and for all findings of one rule in a file. */
import { type CodeAction, CodeActionKind, type CodeActionParams, type TextEdit } from "vscode-languageserver";
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import type { TextRange } from "../analysis/scope.ts";
import { RULES } from "../rules/index.ts";
import { editedRowFixes } from "./fixes/editedRowFix.ts";
import { FIXABLE_RULES } from "./fixes/index.ts";
import { mendAll, triedFixes } from "./fixes/tried.ts";
import { wrappingFixes } from "./fixes/wrapping.ts";
import { OpenRecord } from "./openRecord.ts";
import { applyEdits, type RecordEdit, shortestEdit } from "./recordEdits.ts";

export const FIX_ALL = `${CodeActionKind.SourceFixAll}.toolexpander`;

/** Records of a selection that are asked; nobody reads a longer list of fixes. */
const ASKED = 50;
const CURSOR_CALLS = 4;

export function codeActions(
  analysis: DocumentAnalysis,
  { textDocument: { uri }, range, context }: CodeActionParams,
): CodeAction[] {
  const wanted = (kind: string): boolean =>
    context.only === undefined || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const actions: CodeAction[] = [];
  if (wanted(CodeActionKind.QuickFix)) actions.push(...quickFixes(analysis, uri, range, context));
  if (wanted(CodeActionKind.RefactorRewrite)) actions.push(...rewrites(analysis, uri, range));
  // A whole file is worked through only for someone who asks for it.
  const asked = context.only?.filter((only) => only.startsWith(CodeActionKind.SourceFixAll)) ?? [];
  for (const rule of FIXABLE_RULES) {
    const kind = `${FIX_ALL}.${rule}`;
    if (!asked.some((only) => kind === only || kind.startsWith(`${only}.`))) continue;
    const edits = fixAll(analysis, rule);
    if (edits.length === 0) continue;
    const title = RULES.find(({ id }) => id === rule)?.title ?? rule;
    actions.push({ title: `Fix all: ${title}`, kind, edit: { changes: { [uri]: edits } } });
  }
  return actions;
}

function quickFixes(
  analysis: DocumentAnalysis,
  uri: string,
  range: TextRange,
  { diagnostics }: CodeActionParams["context"],
): CodeAction[] {
  const seen = new Set<string>();
  const actions: CodeAction[] = [];
  for (const record of OpenRecord.within(analysis, range, ASKED)) {
    for (const { title, edit, diagnostic } of editedRowFixes(record.view, diagnostics)) {
      const changes = { [uri]: [textEdit(record, edit)] };
      actions.push({ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], edit: { changes } });
    }
    for (const { title, edits, finding } of triedFixes(record.view, record.view.findings(), record.span(range))) {
      const changes = edits.map((edit) => textEdit(record, edit));
      const key = JSON.stringify(changes);
      if (seen.has(key)) continue;
      seen.add(key);
      const { start } = record.range(finding.span);
      const mended = diagnostics.filter(
        ({ code, range: { start: at } }) =>
          code === finding.rule && at.line === start.line && at.character === start.character,
      );
      const first = !actions.some(({ diagnostics: before }) => before?.some((one) => mended.includes(one)));
      actions.push({
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: mended,
        isPreferred: first && mended.length > 0,
        edit: { changes: { [uri]: changes } },
      });
    }
  }
  return actions;
}

/** Other ways to write the call at the cursor that are no worse. */
function rewrites(analysis: DocumentAnalysis, uri: string, range: TextRange): CodeAction[] {
  const [record] = OpenRecord.within(analysis, range, 1);
  if (record === undefined || record.view.record.fault !== undefined) return [];
  const within = record.span(range);
  const around = wrappingFixes(record.view).filter(({ place }) => {
    const span = "start" in place ? place : record.view.locate(place);
    return span.start <= within.start && within.end <= span.end;
  });
  const before = record.view.findings().length;
  return around.slice(-CURSOR_CALLS).flatMap(({ title, edits }) => {
    const after = record.view.with(applyEdits(record.view.text, edits));
    if (after.findings().length > before || after.calls().length !== record.view.calls().length) return [];
    const changes = edits.map((edit) => textEdit(record, edit));
    return [{ title, kind: CodeActionKind.RefactorRewrite, edit: { changes: { [uri]: changes } } }];
  });
}

/** One edit for each record that the rule's fixes change. */
export function fixAll(analysis: DocumentAnalysis, rule: string): TextEdit[] {
  const edits: TextEdit[] = [];
  for (let index = 0; index < analysis.document.count; index++) {
    const record = OpenRecord.of(analysis, index);
    if (record === undefined) continue;
    const mended = mendAll(record.view, rule);
    if (mended !== undefined) edits.push(textEdit(record, shortestEdit(record.view.text, mended.text)));
  }
  return edits;
}

export const textEdit = (record: OpenRecord, edit: RecordEdit): TextEdit => ({
  range: record.range(edit),
  newText: edit.text,
});
