/**
 * Tools in which no rule found anything. Rows of published sets bring the same few thousand tools along again and again, and a tool
 * that was sound once is sound wherever it is written again in the same words.
 */
import type { Tool } from "../../toolcalls/dialects/model.ts";

/** Text that is kept of them, UTF-16 units; then all are forgotten. */
const KEPT = 4 * 1024 * 1024;
/** A tool of more text than this is rare enough to be looked at anew. */
const LONGEST = 16 * 1024;

export class SoundTools {
  readonly #texts = new Set<string>();
  #length = 0;

  has(text: string): boolean {
    return this.#texts.has(text);
  }

  add(text: string): void {
    if (text.length > LONGEST) return;
    if (this.#length + text.length > KEPT) {
      this.#texts.clear();
      this.#length = 0;
    }
    this.#length += text.length;
    this.#texts.add(text);
  }
}

/** All that rules see of a tool, as one text. */
export function textOf({ name, description, parameters, written }: Tool): string {
  const own = Object.values(written).includes(parameters);
  return JSON.stringify(own ? [name, description, written] : [name, description, written, parameters]);
}
