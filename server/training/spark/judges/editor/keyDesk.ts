/** Where a process waits for the key of its endpoint, which a person keeps in the editor and gives from a window. */
import type { JudgingState } from "../../../../../schemas/judging.ts";
import { keyFault } from "../endpoint/key.ts";
import { openBridge } from "./bridge.ts";
import type { Desk, Seat } from "./desk.ts";

export interface KeyWish {
  trajectories: string;
  /** Of the endpoint: a window keeps a key for it alone. */
  origin: string;
  /** Told that it waits, and when it does no longer. */
  changed?: ((state: JudgingState) => void) | undefined;
}

/**
 * The key, as soon as a window gives it.
 *
 * @throws AbortError as soon as the signal comes; InputError where another process has the trajectories file
 */
export async function keyFromWindow({ trajectories, origin, changed }: KeyWish, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const desk = new KeyDesk(trajectories, origin);
  if (changed) desk.onChange(changed);
  const bridge = await openBridge(trajectories, desk);
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    changed?.(desk.state);
    signal.throwIfAborted();
    return await Promise.race([desk.key, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
    await bridge.close();
  }
}

class KeyDesk implements Desk {
  readonly #file: string;
  readonly #origin: string;
  readonly #given = Promise.withResolvers<string>();
  readonly #listeners = new Set<(state: JudgingState) => void>();
  #isGiven = false;

  constructor(file: string, origin: string) {
    this.#file = file;
    this.#origin = origin;
  }

  get key(): Promise<string> {
    return this.#given.promise;
  }

  get state(): JudgingState {
    const facts = { file: this.#file, model: null, key: this.#origin, open: 0, answered: 0, windows: 0 };
    if (this.#isGiven) return { ...facts, state: "idle", reason: null };
    const reason = `It waits for the key of ${this.#origin}; open the project in the editor and give it there.`;
    return { ...facts, state: "waiting", reason };
  }

  onChange(listener: (state: JudgingState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** There is nothing to judge before the key is there. */
  offer(): Seat {
    return { answer: () => {}, leave: () => {} };
  }

  give(key: string): string | null {
    const fault = keyFault(key);
    if (fault !== undefined) return fault;
    this.#isGiven = true;
    this.#given.resolve(key);
    for (const listener of this.#listeners) listener(this.state);
    return null;
  }
}
