/** From positions in the decoded text of a JSON string to positions in the literal that encodes it. */

/** Offsets in a string literal, for offsets in its decoded text. */
export class EscapeMap {
  /** Decoded offset and literal offset behind each backslash, both ascending; between them the two run in step. */
  readonly #decoded: number[] = [0];
  readonly #literal: number[] = [1];
  readonly #end: number;

  /** @param literal with its quotes */
  constructor(literal: string) {
    this.#end = literal.length - 1;
    let decoded = 0;
    let at = 1;
    for (;;) {
      const backslash = literal.indexOf("\\", at);
      if (backslash === -1 || backslash >= this.#end) break;
      decoded += backslash - at;
      // The escape itself is one unit, and what follows it continues in step.
      this.#decoded.push(decoded);
      this.#literal.push(backslash);
      at = backslash + (literal.charCodeAt(backslash + 1) === 0x75 ? 6 : 2);
      decoded++;
      this.#decoded.push(decoded);
      this.#literal.push(at);
    }
  }

  /** Offset in the literal of the unit at `offset` of the decoded text; behind the last unit, of the closing quote. */
  toLiteral(offset: number): number {
    let low = 0;
    let high = this.#decoded.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#decoded[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.min((this.#literal[low] ?? 1) + offset - (this.#decoded[low] ?? 0), this.#end);
  }
}
