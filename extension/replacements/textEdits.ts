/**
 * Changes of a replacement as edits of its text: everything that is not changed stays as somebody has written it, and
 * numbers keep all their digits, since values come and go as JSON text.
 */
import {
  applyEdits,
  type Edit,
  type FormattingOptions,
  findNodeAtLocation,
  type JSONPath,
  modify,
  type Node,
} from "jsonc-parser";
import type { Change, Path } from "../../schemas/replacementView.ts";
import { parseJson } from "../../server/toolcalls/json.ts";
import { syntaxTree } from "../../server/toolcalls/syntax.ts";

/** A change that the text has no place for. */
export class ChangeRefused extends Error {}

/** @throws ChangeRefused where a path leads nowhere or a value is not JSON */
export function changedText(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, change) => applyEdits(before, editsOf(before, change)), text);
}

function editsOf(text: string, change: Change): Edit[] {
  switch (change.change) {
    case "set":
      return placed(text, change.path, change.json, false);
    case "remove":
      return removed(text, change.path);
    case "insert":
      return placed(text, [...change.path, Math.min(change.at, itemsAt(text, change.path).length)], change.json, true);
    case "move":
      return moved(text, itemsAt(text, change.path), change.from, change.to);
  }
}

/** The library writes values, and would round what a double cannot hold: it is given a mark to write, and the text goes there. */
function placed(text: string, path: JSONPath, json: string, isArrayInsertion: boolean): Edit[] {
  try {
    parseJson(json);
  } catch {
    throw new ChangeRefused("the new value is not JSON");
  }
  let mark = "\u0001";
  while (text.includes(JSON.stringify(mark))) mark += "\u0001";
  const edits = modify(text, path, mark, { formattingOptions: formattingOf(text), isArrayInsertion });
  const marked = applyEdits(text, edits);
  const written = JSON.stringify(mark);
  const indent = indentAt(marked, marked.indexOf(written));
  // Lines that are empty stay so.
  const laidOut = json.trim().replaceAll(/\n(?!\r?\n)/g, `\n${indent}`);
  // A function, because a replacement text has signs of its own.
  return edits.map((edit) => ({ ...edit, content: edit.content.replace(written, () => laidOut) }));
}

/** With the comma that belongs to it; the library's own removal breaks lists that are written on one line. */
function removed(text: string, path: Path): Edit[] {
  const root = syntaxTree(text);
  const value = root && findNodeAtLocation(root, [...path]);
  const node = value?.parent?.type === "property" ? value.parent : value;
  const siblings = node?.parent?.children;
  if (!node || !siblings) throw new ChangeRefused("there is nothing at this place");
  const index = siblings.indexOf(node);
  const [before, after] = [siblings[index - 1], siblings[index + 1]];
  const from = after || !before ? node.offset : before.offset + before.length;
  const to = after ? after.offset : node.offset + node.length;
  return [{ offset: from, length: to - from, content: "" }];
}

/** Exchanges the texts of the items, so that what stands between them stays. */
function moved(text: string, items: readonly Node[], from: number, to: number): Edit[] {
  if (from >= items.length || to >= items.length) throw new ChangeRefused("there is no such item");
  const order = items.map((_, index) => index);
  order.splice(to, 0, ...order.splice(from, 1));
  return items.flatMap(({ offset, length }, index): Edit[] => {
    const source = items[order[index] as number] as Node;
    if (source.offset === offset) return [];
    return [{ offset, length, content: text.slice(source.offset, source.offset + source.length) }];
  });
}

function itemsAt(text: string, path: Path): Node[] {
  const root = syntaxTree(text);
  const node = root && findNodeAtLocation(root, [...path]);
  if (node?.type !== "array") throw new ChangeRefused("there is no list at this place");
  return node.children ?? [];
}

function indentAt(text: string, offset: number): string {
  const line = text.lastIndexOf("\n", offset) + 1;
  return /^[ \t]*/.exec(text.slice(line, offset))?.[0] ?? "";
}

/** As the text is laid out already. */
function formattingOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 1 : indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}
