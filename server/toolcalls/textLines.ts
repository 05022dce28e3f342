/** The lines of a file one by one, so that its size does not matter. */
import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

export interface TextLine {
  text: string;
  /** From 1. */
  line: number;
}

const CHUNK = 1 << 16;

/** Lines that are not blank, without their ends and without a byte-order mark. Throws as `fs` does where the file cannot be read. */
export function* readLines(file: string): Generator<TextLine> {
  const descriptor = openSync(file, "r");
  try {
    const decoder = new StringDecoder("utf8");
    const buffer = Buffer.allocUnsafe(CHUNK);
    let line = 1;
    let rest = "";
    for (;;) {
      const length = readSync(descriptor, buffer, 0, CHUNK, null);
      const parts = (rest + (length === 0 ? decoder.end() : decoder.write(buffer.subarray(0, length)))).split("\n");
      if (length > 0) rest = parts.pop() ?? "";
      for (const part of parts) {
        const text = line === 1 ? part.replace(/^\ufeff/, "") : part;
        if (text.trim() !== "") yield { text: text.endsWith("\r") ? text.slice(0, -1) : text, line };
        line++;
      }
      if (length === 0) return;
    }
  } finally {
    closeSync(descriptor);
  }
}
