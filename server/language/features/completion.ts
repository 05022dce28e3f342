/** Completion of keys, tools' names, arguments and enum values, also in JSON that stands in a string. */

import { type CompletionItem, type CompletionList, InsertTextFormat, type Range } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import type { TextPosition } from "../records/lines.ts";
import type { Session } from "../session.ts";
import { completionsIn } from "./jsonService.ts";
import type { Place } from "./navigation.ts";
import { filledSnippet } from "./snippet.ts";
import { type Typing, typingAt } from "./typing.ts";

/** Names beyond these are found by typing more of them. */
const MOST_ITEMS = 500;

export async function completion(session: Session, place: Place): Promise<CompletionList> {
  const analysis = session.analysis(place.textDocument.uri);
  return analysis === undefined ? NOTHING : completionAt(analysis, place.position);
}

const NOTHING: CompletionList = { isIncomplete: false, items: [] };

export async function completionAt(analysis: DocumentAnalysis, position: TextPosition): Promise<CompletionList> {
  const typing = typingAt(analysis, position);
  if (typing === undefined) return NOTHING;
  const { items, document } = await completionsIn(typing);
  const oneRecordPerLine = analysis.document.layout === "lines";
  return {
    isIncomplete: items.length > MOST_ITEMS,
    items: items.slice(0, MOST_ITEMS).map((item) => inRecord(item, document, typing, oneRecordPerLine)),
  };
}

/** The item as it fits into the record: a line break would end it, and a string around the text needs escapes. */
function inRecord(item: CompletionItem, document: TextDocument, typing: Typing, onOneLine: boolean): CompletionItem {
  const { level } = typing;
  const { textEdit, filterText, label, insertTextFormat, ...rest } = item;
  const isSnippet = insertTextFormat === InsertTextFormat.Snippet;
  const written =
    onOneLine || level.depth > 0 ? withoutBreaks(textEdit?.newText ?? label) : (textEdit?.newText ?? label);
  const text = isSnippet && level.depth > 0 ? level.encode(filledSnippet(written).text) : level.encode(written);
  const replaced: Range | undefined = textEdit && ("range" in textEdit ? textEdit.range : textEdit.replace);
  const base = {
    ...rest,
    label,
    insertTextFormat: isSnippet && level.depth === 0 ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
  };
  if (replaced === undefined) return { ...base, insertText: text };
  const span = {
    start: level.toRecord(document.offsetAt(replaced.start)),
    end: level.toRecord(document.offsetAt(replaced.end)),
  };
  return {
    ...base,
    filterText: level.encode(filterText ?? label),
    textEdit: { range: typing.range(span), newText: text },
  };
}

const withoutBreaks = (text: string): string => text.replace(/\r?\n[ \t]*/g, "");
