import type { PythonValue } from "../../toolcalls/python/value.ts";

/** Names of a block; those around it can be read from within, and are never set from there. */
export class Scope {
  readonly #names = new Map<string, PythonValue>();
  readonly #around: Scope | undefined;

  constructor(around?: Scope) {
    this.#around = around;
  }

  get(name: string): PythonValue | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.#around) {
      const value = scope.#names.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  set(name: string, value: PythonValue): void {
    this.#names.set(name, value);
  }
}
