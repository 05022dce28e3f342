/** The editor's memory of a workspace, for one key. */
export class Memory {
  #kept: unknown;

  constructor(kept?: unknown) {
    this.#kept = kept;
  }

  keys(): readonly string[] {
    return [];
  }

  get<T>(): T | undefined {
    return structuredClone(this.#kept) as T | undefined;
  }

  async update(_key: string, value: unknown): Promise<void> {
    this.#kept = structuredClone(value);
  }
}
