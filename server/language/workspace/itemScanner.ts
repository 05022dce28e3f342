/**
 * The items of a JSON array of objects or arrays that is too long to hold, told apart in its bytes: every character that matters is
 * ASCII, and no byte of a longer UTF-8 character looks like one. The items themselves are not checked.
 */
import type { TextPosition } from "../records/lines.ts";

export interface ScannedItem {
  /** Bytes of the file, the end behind the last one. */
  start: number;
  end: number;
  position: TextPosition;
}

export interface ArrayFault {
  position: TextPosition;
  sentence: string;
}

type Expecting = "array" | "item" | "item or end" | "in item" | "comma or end" | "nothing";

const SENTENCES: Readonly<Record<Exclude<Expecting, "in item">, string>> = {
  array: "An array is missing here.",
  item: "An object or an array is missing here, behind the comma.",
  "item or end": "An object or an array is missing here.",
  "comma or end": "A comma is missing here, between two items of the array; what follows was not checked.",
  nothing: "There is text after the end of the array.",
};

export class ItemScanner {
  #expecting: Expecting = "array";
  #depth = 0;
  #inString = false;
  #escaped = false;
  #offset = 0;
  #line = 0;
  #character = 0;
  #afterReturn = false;
  #started: Omit<ScannedItem, "end"> | undefined;
  #fault: ArrayFault | undefined;

  /** Where the array departs from its form; nothing behind it was scanned. */
  get fault(): ArrayFault | undefined {
    return this.#fault;
  }

  /** @returns the items that end in these bytes, which follow those of the call before */
  scan(bytes: Uint8Array): ScannedItem[] {
    const items: ScannedItem[] = [];
    for (let at = 0; at < bytes.length && this.#fault === undefined; at++, this.#offset++) {
      const byte = bytes[at] ?? 0;
      if (this.#inString) this.#string(byte);
      else if (this.#expecting === "in item") {
        const item = this.#inside(byte);
        if (item !== undefined) items.push(item);
      } else this.#between(byte);
      this.#count(byte);
    }
    return items;
  }

  /** Tells what is missing where the bytes end too early. */
  end(): ArrayFault | undefined {
    if (this.#fault === undefined && this.#expecting !== "nothing")
      this.#fault = { position: this.#started?.position ?? this.#position(), sentence: "This array is never closed." };
    return this.#fault;
  }

  #string(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === 0x5c) this.#escaped = true;
    else if (byte === 0x22) this.#inString = false;
  }

  #inside(byte: number): ScannedItem | undefined {
    if (byte === 0x22) this.#inString = true;
    else if (byte === 0x7b || byte === 0x5b) this.#depth++;
    else if (byte === 0x7d || byte === 0x5d) {
      this.#depth--;
      if (this.#depth > 0 || this.#started === undefined) return undefined;
      const item = { ...this.#started, end: this.#offset + 1 };
      this.#started = undefined;
      this.#expecting = "comma or end";
      return item;
    }
    return undefined;
  }

  #between(byte: number): void {
    // Blanks, and the bytes of a byte-order mark.
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) return;
    if (this.#offset < 3 && (byte === 0xef || byte === 0xbb || byte === 0xbf)) return;
    const expecting = this.#expecting;
    if (expecting === "array" && byte === 0x5b) this.#expecting = "item or end";
    else if (expecting.startsWith("item") && (byte === 0x7b || byte === 0x5b)) {
      this.#expecting = "in item";
      this.#depth = 1;
      this.#started = { start: this.#offset, position: this.#position() };
    } else if (expecting === "comma or end" && byte === 0x2c) this.#expecting = "item";
    else if (expecting.endsWith("or end") && byte === 0x5d) this.#expecting = "nothing";
    else if (expecting !== "in item") this.#fault = { position: this.#position(), sentence: SENTENCES[expecting] };
  }

  #position(): TextPosition {
    return { line: this.#line, character: this.#character };
  }

  /** Columns are UTF-16 units: none for the continuation of a character, two for one of four bytes. */
  #count(byte: number): void {
    if (byte === 0x0a || byte === 0x0d) {
      if (byte !== 0x0a || !this.#afterReturn) this.#line++;
      this.#character = 0;
    } else if (byte < 0x80 || byte >= 0xf0) this.#character += byte >= 0xf0 ? 2 : 1;
    else if (byte >= 0xc0 && this.#offset > 0) this.#character++;
    this.#afterReturn = byte === 0x0d;
  }
}
