/** Changes of one record's text, exact also inside JSON that is encoded in a string. */
import { applyEdits as applyJsonEdits, findNodeAtLocation, modify } from "jsonc-parser";
import { readPythonLiteral } from "../../toolcalls/dialects/pythonLiteral.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { parseExactJson } from "../../toolcalls/json.ts";
import { syntaxTree } from "../../toolcalls/syntax.ts";
import { oneLine } from "./oneLine.ts";
import { PythonPlace } from "./pythonEdits.ts";
import type { Change, RecordEdit } from "./recordEdit.ts";
import { type JsonPath, levelOf, type TextLevel } from "./textLevel.ts";

export type { Change, RecordEdit } from "./recordEdit.ts";

/** Changes of one JSON text, one after the other, as the shortest edit of the record; undefined where a place is missing. */
export function changeValues(record: string, ref: Ref, changes: readonly Change[]): RecordEdit | undefined {
  if (ref.isAround) return undefined;
  const python = PythonPlace.at(record, ref);
  if (python !== undefined) return python.changed(changes);
  const found = levelOf(record, ref);
  if (found === undefined || found.key) return undefined;
  const { level, path } = found;
  let text = level.text;
  for (const [below, value] of changes) {
    const place = [...path, ...below];
    const changed = value === undefined ? without(text, place) : applyJsonEdits(text, modify(text, place, value, {}));
    if (changed === undefined || changed === text) return undefined;
    text = changed;
  }
  return difference(level, text);
}

/** The text without a member or item and its comma (the library's own removal tears the quotes of an array's last item). */
function without(text: string, path: JsonPath): string | undefined {
  const tree = syntaxTree(text);
  const value = tree && findNodeAtLocation(tree, [...path]);
  const gone = value?.parent?.type === "property" ? value.parent : value;
  const siblings = gone?.parent?.children;
  const index = gone === undefined ? -1 : (siblings?.indexOf(gone) ?? -1);
  if (gone === undefined || siblings === undefined || index === -1) return undefined;
  const [before, after] = [siblings[index - 1], siblings[index + 1]];
  const end = gone.offset + gone.length;
  if (after !== undefined) return text.slice(0, gone.offset) + text.slice(after.offset);
  return text.slice(0, before === undefined ? gone.offset : before.offset + before.length) + text.slice(end);
}

/** Another JSON text in place of the value. */
export function replaceValue(record: string, ref: Ref, json: string): RecordEdit | undefined {
  if (ref.isAround) return undefined;
  const python = PythonPlace.at(record, ref);
  if (python !== undefined) return python.replaced(parseExactJson(json));
  const found = levelOf(record, ref);
  const node = found?.level.node(found.path);
  if (found === undefined || found.key || node === undefined) return undefined;
  const { level } = found;
  return {
    start: level.toRecord(node.offset),
    end: level.toRecord(node.offset + node.length),
    text: level.encode(oneLine(json)),
  };
}

/** Another name for a member; the value stays as it is written. */
export function renameKey(record: string, member: Ref, name: string): RecordEdit | undefined {
  if (member.isAround) return undefined;
  const python = PythonPlace.at(record, member);
  if (python !== undefined) return python.renamed(name);
  const found = levelOf(record, member);
  const key = found?.level.node(found.path)?.parent?.children?.[0];
  if (found === undefined || key === undefined) return undefined;
  const { level } = found;
  return {
    start: level.toRecord(key.offset),
    end: level.toRecord(key.offset + key.length),
    text: level.encode(JSON.stringify(name)),
  };
}

/** A bare name in a text: the callee of a call, say; undefined where something else stands there. */
export function renameWord(record: string, ref: Ref, before: string, after: string): RecordEdit | undefined {
  const level = typeof ref.step === "object" ? levelOf(record, ref)?.level : undefined;
  if (level?.text !== before) return undefined;
  return { start: level.toRecord(0), end: level.toRecord(before.length), text: level.encode(after) };
}

/** JSON of a value as it is written, decoded where it stands in a string. */
export function sourceOf(record: string, ref: Ref): string | undefined {
  if (ref.isAround) return undefined;
  const python = PythonPlace.at(record, ref);
  if (python !== undefined) return JSON.stringify(readPythonLiteral(python.source)?.value);
  const found = levelOf(record, ref);
  const node = found?.level.node(found.path);
  return node && found?.level.text.slice(node.offset, node.offset + node.length);
}

export function applyEdits(text: string, edits: readonly RecordEdit[]): string {
  let result = text;
  for (const { start, end, text: inserted } of [...edits].sort((left, right) => right.start - left.start))
    result = result.slice(0, start) + inserted + result.slice(end);
  return result;
}

/** From one text of a level to another, without what both begin and end with. */
function difference(level: TextLevel, after: string): RecordEdit {
  const { start, end, text } = shortestEdit(level.text, after);
  return { start: level.toRecord(start), end: level.toRecord(end), text: level.encode(text) };
}

/** Never between the halves of a surrogate pair, which an encoding inside a string would tear. */
export function shortestEdit(before: string, after: string): RecordEdit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start--;
  let same = 0;
  while (
    same < shorter - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same++;
  if (same > 0 && isLowSurrogate(before.charCodeAt(before.length - same))) same--;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code < 0xe000;
