/** What is being typed and has not been sent: each pause sends it, a saving does at once, and every other change before itself. */

export class Drafts {
  readonly #held = new Set<() => void>();

  hold(send: () => void): void {
    this.#held.add(send);
  }

  release(send: () => void): void {
    this.#held.delete(send);
  }

  flush(): void {
    for (const send of [...this.#held]) send();
  }
}
