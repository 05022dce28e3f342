/**
 * One record on each line, without blanks between tokens. Numbers, strings with their escapes, and the order of keys stay as they
 * are written; what is not JSON stays untouched.
 */
import type { FormattingOptions, TextEdit } from "vscode-languageserver";
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import type { TextRange } from "../analysis/scope.ts";
import { rangeOf } from "../records/recordDocument.ts";
import { isWholeText } from "../records/wholeText.ts";
import { indented } from "./jsonService.ts";
import { oneLine } from "./oneLine.ts";
import { OpenRecord } from "./openRecord.ts";
import { shortestEdit } from "./recordEdits.ts";

export function formatting(analysis: DocumentAnalysis, options: FormattingOptions): TextEdit[] {
  const { document } = analysis;
  if (isWholeText(document.text)) return [];
  if (document.layout === "lines") return formatRecords(allRecords(analysis));
  const { text } = document;
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const formatted =
    document.layout === "items"
      ? `${listed(analysis, end)}${/\s$/.test(text) ? end : ""}`
      : indentedDocument(analysis, options);
  return difference(text, formatted);
}

/** Only records that the range touches. */
export function rangeFormatting(analysis: DocumentAnalysis, range: TextRange): TextEdit[] {
  return analysis.document.layout === "document" ? [] : formatRecords(OpenRecord.within(analysis, range));
}

function formatRecords(records: Iterable<OpenRecord>): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const record of records) {
    const { text, record: parsed } = record.view;
    if (parsed.fault !== undefined) continue;
    const edit = shortestEdit(text, oneLine(text));
    if (edit.start < edit.end || edit.text !== "") edits.push({ range: record.range(edit), newText: edit.text });
  }
  return edits;
}

function* allRecords(analysis: DocumentAnalysis): Generator<OpenRecord> {
  for (let index = 0; index < analysis.document.count; index++) {
    const record = OpenRecord.of(analysis, index);
    if (record !== undefined) yield record;
  }
}

/** An array with an item on each line; an item that is not JSON keeps its own lines. */
function listed(analysis: DocumentAnalysis, end: string): string {
  const items = [...allRecords(analysis)].map(({ view: { text, record } }) =>
    record.fault === undefined ? oneLine(text) : text,
  );
  return `[${end}${items.map((item) => `  ${item}`).join(`,${end}`)}${end}]`;
}

function indentedDocument(analysis: DocumentAnalysis, options: FormattingOptions): string {
  const { text } = analysis.document;
  return OpenRecord.of(analysis, 0)?.view.record.fault === undefined ? indented(text, options) : text;
}

function difference(before: string, after: string): TextEdit[] {
  const { start, end, text } = shortestEdit(before, after);
  if (start === end && text === "") return [];
  const origin = { line: 0, character: 0 };
  // Between a carriage return and its line feed there is no position.
  const from = before.charAt(start - 1) === "\r" && before.charAt(start) === "\n" ? start - 1 : start;
  const to = before.charAt(end - 1) === "\r" && before.charAt(end) === "\n" ? end + 1 : end;
  const range = rangeOf(origin, before, { start: from, end: to });
  return [{ range, newText: before.slice(from, start) + text + before.slice(end, to) }];
}
