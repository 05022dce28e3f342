/**
 * Completion in a text that is being typed elsewhere than in the document, as the arguments of one call in a view: it stands
 * in place of a value of the document, and what completes it is what would there.
 */
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { findNodeAtLocation } from "jsonc-parser";
import { type CompletionItem, CompletionItemKind, InsertTextFormat, type MarkupContent } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Completion } from "../../../schemas/replacementView.ts";
import { syntaxTree } from "../../toolcalls/syntax.ts";
import { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import type { Session } from "../session.ts";
import { completionAt } from "./completion.ts";
import { filledSnippet } from "./snippet.ts";

export const DraftPlace = Type.Object({
  uri: Type.String(),
  path: Type.Array(Type.Union([Type.String(), Type.Integer()])),
  text: Type.String(),
  offset: Type.Integer({ minimum: 0 }),
});

/** Empty where the document is not open or has no such value. */
export async function draftCompletion(session: Session, place: unknown): Promise<Completion[]> {
  if (!Value.Check(DraftPlace, place)) return [];
  await session.toolsKnown(place.uri);
  const analysis = session.analysis(place.uri);
  const text = analysis?.document.text ?? "";
  const root = syntaxTree(text);
  const node = root && findNodeAtLocation(root, place.path);
  if (analysis === undefined || node === undefined) return [];
  const { offset: start, length } = node;
  const whole = text.slice(0, start) + place.text + text.slice(start + length);
  const document = TextDocument.create(place.uri, "json", 1, whole);
  const { surroundings, dialect } = analysis;
  // What is half typed may no longer tell its dialect.
  const draft = new DocumentAnalysis(analysis.document.file, whole, {
    ...surroundings,
    ...(dialect ? { dialect } : {}),
  });
  try {
    const { items } = await completionAt(draft, document.positionAt(start + place.offset));
    return items
      .map((item) => completionOf(item, document, start, place.offset))
      .filter(({ from, to }) => from >= 0 && to <= place.text.length);
  } finally {
    draft.close();
  }
}

/** @param start of the draft in the document; `offset` where it is typed */
function completionOf(item: CompletionItem, document: TextDocument, start: number, offset: number): Completion {
  const { textEdit, insertText, insertTextFormat, label, kind, detail, documentation } = item;
  const range = textEdit && ("range" in textEdit ? textEdit.range : textEdit.replace);
  const written = textEdit?.newText ?? insertText ?? label;
  const isSnippet = insertTextFormat === InsertTextFormat.Snippet;
  const { text, from, to } = isSnippet
    ? filledSnippet(written)
    : { text: written, from: written.length, to: written.length };
  return {
    label,
    kind: kind === CompletionItemKind.Property ? "member" : "value",
    detail: textOf(documentation) || (detail ?? ""),
    from: range ? document.offsetAt(range.start) - start : offset,
    to: range ? document.offsetAt(range.end) - start : offset,
    insert: text,
    select: [from, to],
  };
}

const textOf = (documentation: string | MarkupContent | undefined): string =>
  typeof documentation === "string" ? documentation : (documentation?.value ?? "");
