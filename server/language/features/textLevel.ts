/**
 * The JSON text around a place, and the way between its offsets and the record's: the record itself, or JSON inside a string of
 * it, as deep as strings go. Reads text that is being typed as far as it goes, where a Locator wants JSON.
 */
import { findNodeAtLocation, type Node } from "jsonc-parser";
import { KEY, type Ref, type TextSpan } from "../../toolcalls/dialects/ref.ts";
import { syntaxTree } from "../../toolcalls/syntax.ts";
import { EscapeMap } from "../records/escapes.ts";
import { isWholeText } from "../records/wholeText.ts";

export type JsonPath = readonly (string | number)[];

export class TextLevel {
  readonly text: string;
  /** Texts around it. */
  readonly depth: number;
  /** Those of them that are strings of JSON, with escapes. */
  readonly #strings: number;
  readonly #toRecord: (offset: number) => number;
  #tree: Node | undefined;

  private constructor(text: string, depth: number, strings: number, toRecord: (offset: number) => number) {
    this.text = text;
    this.depth = depth;
    this.#strings = strings;
    this.#toRecord = toRecord;
  }

  static outermost(text: string): TextLevel {
    return new TextLevel(text, 0, 0, (offset) => offset);
  }

  get tree(): Node | undefined {
    this.#tree ??= syntaxTree(this.text, { allowTrailingComma: true });
    return this.#tree;
  }

  node(path: JsonPath): Node | undefined {
    return this.tree && findNodeAtLocation(this.tree, [...path]);
  }

  /** A part of the string at this path; undefined where no string is. */
  inner(path: JsonPath, { from, to }: TextSpan): TextLevel | undefined {
    if (path.length === 0 && this.depth === 0 && isWholeText(this.text))
      return new TextLevel(this.text.slice(from, to), 1, 0, (offset) => this.toRecord(from + offset));
    const node = this.node(path);
    if (node?.type !== "string") return undefined;
    const decoded = String(node.value);
    const map = new EscapeMap(this.text.slice(node.offset, node.offset + node.length));
    return new TextLevel(decoded.slice(from, to), this.depth + 1, this.#strings + 1, (offset) =>
      this.toRecord(node.offset + map.toLiteral(Math.min(from + offset, decoded.length))),
    );
  }

  toRecord(offset: number): number {
    return this.#toRecord(offset);
  }

  /** The last offset that is at or before one of the record; undefined outside the level. */
  fromRecord(offset: number): number | undefined {
    if (offset < this.toRecord(0) || offset > this.toRecord(this.text.length)) return undefined;
    let low = 0;
    let high = this.text.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.toRecord(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** What has to stand in the record for this text to stand here. */
  encode(text: string): string {
    return encodeText(text, this.#strings);
  }
}

/** Inside `depth` strings. */
export function encodeText(text: string, depth: number): string {
  let encoded = text;
  for (let level = 0; level < depth; level++) encoded = JSON.stringify(encoded).slice(1, -1);
  return encoded;
}

/** The level that a place is in, the place's path there, and whether it is a key; undefined where the text has no such place. */
export function levelOf(record: string, ref: Ref): { level: TextLevel; path: JsonPath; key: boolean } | undefined {
  let level: TextLevel | undefined = TextLevel.outermost(record);
  let path: (string | number)[] = [];
  for (const step of ref.steps()) {
    if (step === KEY) return { level, path, key: true };
    if (typeof step !== "object") path.push(step);
    else {
      level = level.inner(path, step);
      if (level === undefined) return undefined;
      path = [];
    }
  }
  return { level, path, key: false };
}
