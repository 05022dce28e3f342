/** A text that is typed, and told once the typing rests. */

/** Milliseconds. */
const REST = 150;
/** UTF-16 units that a filter takes (schemas). */
const MOST = 200;

export class RestedText {
  /** What the field shows. */
  shown: string;
  readonly #apply: (text: string) => void;
  /** By which the list is filtered. */
  #counts: string;
  /** Told, and not come back yet. */
  #told: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param apply is told what was typed */
  constructor(text: string, apply: (text: string) => void) {
    this.shown = text;
    this.#counts = text;
    this.#apply = apply;
  }

  type(typed: string): void {
    this.shown = typed;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const text = typed.slice(0, MOST);
      this.#told.push(text);
      this.#apply(text);
    }, REST);
  }

  /** The list is filtered by this text now. What was told from here comes back, perhaps behind what was typed since: that stays. */
  follow(text: string): void {
    if (text === this.#counts) return;
    this.#counts = text;
    const ours = this.#told.indexOf(text);
    this.#told = ours < 0 ? [] : this.#told.slice(ours + 1);
    if (ours >= 0) return;
    this.stop();
    this.shown = text;
  }

  /** What was typed last and not told is forgotten. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
