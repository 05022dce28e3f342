/** One record, read: its value, or why it has none, and the way from places in it to offsets. */
import { isJsonObject, parseEveryDigit, parseJson } from "../../toolcalls/json.ts";
import { firstSyntaxFault } from "../../toolcalls/syntax.ts";
import { Locator } from "./locate.ts";
import { DEFAULT_LIMITS, type RecordLimits, scanRecord } from "./scan.ts";
import { isWholeText } from "./wholeText.ts";

export type RecordFault =
  | { kind: "too-long"; length: number; limit: number }
  | { kind: "too-deep"; offset: number; limit: number }
  | { kind: "syntax"; offset: number; sentence: string };

export class ParsedRecord {
  readonly text: string;
  /** Undefined where there is a fault, and the text itself where that is a rendered chat; numbers that a double cannot hold are ExactNumber. */
  readonly value: unknown;
  readonly fault: RecordFault | undefined;
  readonly hasDuplicateKeys: boolean;
  readonly hasLongNumbers: boolean;
  #locator: Locator | undefined;

  private constructor(
    text: string,
    read: Pick<ParsedRecord, "value" | "fault" | "hasDuplicateKeys" | "hasLongNumbers">,
  ) {
    this.text = text;
    this.value = read.value;
    this.fault = read.fault;
    this.hasDuplicateKeys = read.hasDuplicateKeys;
    this.hasLongNumbers = read.hasLongNumbers;
  }

  /** What has been found to be no record. */
  static failed(text: string, fault: RecordFault): ParsedRecord {
    return new ParsedRecord(text, { value: undefined, fault, hasDuplicateKeys: false, hasLongNumbers: false });
  }

  /** Never throws. A duplicate key is no fault here: the last one counts, as for every parser, and a rule says so. */
  static parse(text: string, limits: RecordLimits = DEFAULT_LIMITS): ParsedRecord {
    const failed = (fault: RecordFault): ParsedRecord => ParsedRecord.failed(text, fault);
    if (isWholeText(text) && text.length <= limits.length)
      return new ParsedRecord(text, { value: text, fault: undefined, hasDuplicateKeys: false, hasLongNumbers: false });
    const scan = scanRecord(text, limits);
    if (scan.kind === "too-long") return failed({ ...scan, limit: limits.length });
    if (scan.kind === "too-deep") return failed({ ...scan, limit: limits.depth });
    try {
      const value = scan.hasLongNumbers ? parseEveryDigit(text) : (JSON.parse(text) as unknown);
      const hasDuplicateKeys = countMembers(value) !== scan.members;
      return new ParsedRecord(text, { value, fault: undefined, hasDuplicateKeys, hasLongNumbers: scan.hasLongNumbers });
    } catch {
      const { offset, sentence } = syntaxFault(text);
      return failed({ kind: "syntax", offset, sentence });
    }
  }

  /** Places in the record; only for a record that has a value. Findings keep it, so it must not keep the value. */
  get locator(): Locator {
    const { text } = this;
    this.#locator ??= new Locator(() => text);
    return this.#locator;
  }
}

/** The first departure from JSON that is not a mere duplicate key. */
function syntaxFault(text: string): { offset: number; sentence: string } {
  const fault = firstSyntaxFault(text, { duplicateKeys: false });
  if (fault !== undefined) return fault;
  try {
    parseJson(text);
  } catch (error) {
    return { offset: 0, sentence: `This is not JSON: ${String(error instanceof Error ? error.message : error)}.` };
  }
  return { offset: 0, sentence: "This is not JSON." };
}

/** Members of all objects in the value. Depth is bounded by the scan, so recursion is safe. */
function countMembers(value: unknown): number {
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += typeof item === "object" ? countMembers(item) : 0;
  else if (isJsonObject(value)) {
    for (const key in value) {
      count++;
      const item = value[key];
      if (typeof item === "object") count += countMembers(item);
    }
  }
  return count;
}
