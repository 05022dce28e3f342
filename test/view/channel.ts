/** A channel between a view and its worker that loses, repeats and delays messages, until it is honest. */
import fc from "fast-check";

export type Fate = "pass" | "lose" | "repeat" | "late";

export const fates = fc.infiniteStream(fc.constantFrom<Fate>("pass", "pass", "pass", "pass", "lose", "repeat", "late"));

/** Hands messages on as fate says; what comes late comes after the next ones, in their order. */
export class Channel {
  honest = false;
  readonly #fate: () => Fate;
  readonly #deliver: (message: unknown) => void;
  #late: unknown[] = [];

  constructor(fate: () => Fate, deliver: (message: unknown) => void) {
    this.#fate = fate;
    this.#deliver = deliver;
  }

  send(message: unknown): void {
    const fate = this.honest ? "pass" : this.#fate();
    const copy = structuredClone(message);
    if (fate === "lose") return;
    if (fate === "late") {
      this.#late.push(copy);
      return;
    }
    const late = this.#late;
    this.#late = [];
    for (const one of [copy, ...(fate === "repeat" ? [copy] : []), ...late]) queueMicrotask(() => this.#deliver(one));
  }
}
