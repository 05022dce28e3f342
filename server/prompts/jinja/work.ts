/**
 * What a template may cost. A template comes with a model, from anyone. Its work is counted instead of timed, so that the same template
 * does the same on a slow machine as on a fast one.
 */

/** Evaluated nodes, items, and sixteenths of characters. The templates of model families take some ten thousand for a prompt. */
const MOST_WORK = 4_000_000;
/** Longest text that a template writes or holds, in UTF-16 units: far more than any context window takes. */
const MOST_TEXT = 4 * 1024 * 1024;
/** Macros that call one another. */
const DEEPEST_CALL = 200;
/** `jinja2.sandbox.MAX_RANGE` */
export const MOST_RANGE = 100_000;

/** A template's own fault, in words for a person. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

export class Work {
  #left = MOST_WORK;
  #depth = 0;

  /** @throws TemplateError when the template has done more than any template needs */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0)
      throw new TemplateError("it does more work than a prompt can need, as one does that never ends");
  }

  /** Accounts for a text before it is made. @throws TemplateError where it would be too long */
  expect(length: number): void {
    this.bound(length);
    this.spend(1 + length / 16);
  }

  /** @throws TemplateError where a text would be too long */
  bound(length: number): void {
    if (length > MOST_TEXT)
      throw new TemplateError(`it makes a text of more than ${MOST_TEXT.toLocaleString("en")} characters`);
  }

  /** Accounts for a text. */
  text(text: string): string {
    this.expect(text.length);
    return text;
  }

  /** @throws TemplateError where macros call themselves without end */
  call<T>(action: () => T): T {
    if (this.#depth >= DEEPEST_CALL) throw new TemplateError(`its macros call one another ${DEEPEST_CALL} deep`);
    this.#depth++;
    try {
      return action();
    } finally {
      this.#depth--;
    }
  }
}

/** Text in the making. */
export class Output {
  readonly #work: Work;
  readonly #pieces: string[] = [];
  #length = 0;

  constructor(work: Work) {
    this.#work = work;
  }

  write(text: string): void {
    this.#work.expect(text.length);
    this.#length += text.length;
    this.#work.bound(this.#length);
    this.#pieces.push(text);
  }

  get text(): string {
    return this.#pieces.join("");
  }
}
