/** How each run's view was left, in the editor's memory of the workspace: written at once, where the editor's own state of a view may be lost in a reload. */
import type { Memento } from "vscode";
import { type KeptView, keptViewIn } from "../../schemas/rolloutView.ts";

const KEY = "toolexpander.rolloutViews";

/** Runs whose views are remembered, the latest ones. */
const MOST_RUNS = 50;

export class KeptViews {
  readonly #memory: Memento;

  constructor(memory: Memento) {
    this.#memory = memory;
  }

  get(runFolder: string): KeptView | undefined {
    const found = this.#entries().find(([folder]) => folder === runFolder)?.[1];
    return keptViewIn(found);
  }

  async keep(runFolder: string, view: KeptView): Promise<void> {
    const others = this.#entries().filter(([folder]) => folder !== runFolder);
    await this.#memory.update(KEY, [[runFolder, view], ...others].slice(0, MOST_RUNS));
  }

  /** An older version may have kept anything. */
  #entries(): [folder: unknown, view: unknown][] {
    const entries = this.#memory.get<unknown>(KEY);
    return Array.isArray(entries) ? entries.filter((entry) => Array.isArray(entry) && entry.length === 2) : [];
  }
}
