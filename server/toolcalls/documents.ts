/** Reading the JSON files a user writes, strictly and with positions for every fault. */
import { readFileSync } from "node:fs";
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import { InputError, type Place } from "../../schemas/problem.ts";
import { keepWritten } from "./asWritten.ts";
import { plain } from "./display.ts";
import { parseExactJson, parseJson } from "./json.ts";
import { firstSyntaxFault, STRICT_JSON } from "./syntax.ts";

export interface JsonDocument {
  file: string;
  value: unknown;
  /**
   * Where the member or item at this path begins (for a member: its key), or its nearest ancestor where it is absent.
   * The place carries the whole path as its key.
   */
  locate(path: (string | number)[]): Place;
}

interface ReadOptions {
  /** Keep numbers of 2^53 and more as ExactNumber (json.ts) instead of rounding them. */
  exactNumbers?: boolean;
}

/** @throws InputError on a file that is missing, not UTF-8, empty or not JSON, and on a key that appears twice */
export function readJson(file: string, options: ReadOptions = {}): JsonDocument {
  return jsonOf(readText(file), file, options);
}

/**
 * As readJson, of a text that came from elsewhere than the disk, or is only part of a file.
 * @param file what its places name, with lines that are counted from `line`
 */
export function jsonOf(
  text: string,
  file: string,
  { exactNumbers, line = 1 }: ReadOptions & { line?: number } = {},
): JsonDocument {
  return parseDocument(text, { file, firstLine: line, parse: exactNumbers ? parseExactJson : parseJson });
}

/**
 * One document for each line that is not blank; their places carry the line of the file.
 * @throws InputError as readJson
 */
export function readJsonLines(file: string, { exactNumbers }: ReadOptions = {}): JsonDocument[] {
  const parse = exactNumbers ? parseExactJson : parseJson;
  return readText(file)
    .split("\n")
    .map((line, index) => ({ text: line.endsWith("\r") ? line.slice(0, -1) : line, firstLine: index + 1 }))
    .filter(({ text }) => text.trim() !== "")
    .map(({ text, firstLine }) => parseDocument(text, { file, firstLine, parse }));
}

/** A file's text without byte-order mark. */
function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new InputError(whyUnreadable(error as NodeJS.ErrnoException), { file });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError("This line is not UTF-8 text; save the file with UTF-8 encoding.", {
      file,
      line: firstLineNotUtf8(bytes),
    });
  }
}

function whyUnreadable({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT" || code === "ENOTDIR") return "There is no such file.";
  if (code === "EISDIR") return "This is a folder; a file is needed here.";
  if (code === "EACCES" || code === "EPERM") return "This file may not be read; check its permissions.";
  return `This file cannot be read: ${plain(message, 200)}`;
}

function firstLineNotUtf8(bytes: Buffer): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      break;
    }
    start = end + 1;
  }
  return line;
}

interface Source {
  file: string;
  /** Line of the file on which the text begins, from 1. */
  firstLine: number;
  parse(text: string): unknown;
}

function parseDocument(text: string, { file, firstLine, parse }: Source): JsonDocument {
  const placeAt = (offset: number): Place => ({ file, ...positionOf(text, offset, firstLine) });
  if (text.trim() === "") throw new InputError("The file is empty.", { file });

  let value: unknown;
  let failure: SyntaxError | undefined;
  try {
    value = parse(text);
  } catch (error) {
    failure = error as SyntaxError;
  }
  const fault = firstSyntaxFault(text);
  if (fault !== undefined) {
    const key = fault.path === undefined ? {} : { key: keyPath(fault.path) };
    throw new InputError(fault.sentence, { ...placeAt(fault.offset), ...key });
  }
  if (failure !== undefined) throw new InputError(`This is not JSON: ${plain(failure.message, 200)}.`, placeAt(0));

  keepWritten(value, text);
  let tree: Node | undefined;
  return {
    file,
    value,
    locate(path) {
      tree ??= parseTree(text, [], STRICT_JSON);
      const place = placeAt(offsetOf(tree, path));
      return path.length === 0 ? place : { ...place, key: keyPath(path) };
    },
  };
}

/** Offset of the key or item at the path, or of its nearest ancestor. */
function offsetOf(root: Node | undefined, path: (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = root && findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node.parent?.type === "property" ? node.parent.offset : node.offset;
  }
  return root?.offset ?? 0;
}

function positionOf(text: string, offset: number, firstLine: number): { line: number; column: number } {
  const linesBefore = text.slice(0, offset).split("\n");
  return { line: firstLine + linesBefore.length - 1, column: (linesBefore.at(-1) ?? "").length + 1 };
}

/** `settings.sampling.groupSize`, `answer[0].name`, `["a key"]`. */
function keyPath(path: (string | number)[]): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[\w$-]{1,64}$/.test(part)) return `[${JSON.stringify(plain(part, 64))}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}
