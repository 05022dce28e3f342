/** Filters of rollouts that a person gave a name, in the editor's memory of the workspace: the same in every panel. */
import type { Memento } from "vscode";
import { type SavedFilter, savedFiltersIn } from "../../schemas/rolloutView.ts";

const KEY = "toolexpander.savedFilters";

export class SavedFilters {
  readonly #memory: Memento;
  readonly #listeners = new Set<(filters: SavedFilter[]) => void>();

  constructor(memory: Memento) {
    this.#memory = memory;
  }

  /** An older version may have kept anything. */
  get(): SavedFilter[] {
    return savedFiltersIn(this.#memory.get<unknown>(KEY));
  }

  async keep(filters: SavedFilter[]): Promise<void> {
    await this.#memory.update(KEY, filters);
    for (const listener of this.#listeners) listener(filters);
  }

  /** @returns what ends it */
  onChange(listener: (filters: SavedFilter[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
