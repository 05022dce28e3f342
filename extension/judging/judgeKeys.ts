/**
 * Keys of endpoints that judge, in the editor's secret storage. Each belongs to one origin and is given out for no other: a workspace names the
 * endpoint, and may name one that only collects keys.
 */
import { originOf } from "../../server/training/spark/judges/endpoint/address.ts";
import { checkKey } from "../../server/training/spark/judges/endpoint/key.ts";

/** Of `vscode.SecretStorage`. */
export interface Secrets {
  get(name: string): Thenable<string | undefined>;
  store(name: string, value: string): Thenable<void>;
  delete(name: string): Thenable<void>;
}

/** Of `vscode.Memento`: which origins have a key, since a secret storage does not tell. */
export interface Origins {
  get<T>(name: string, otherwise: T): T;
  update(name: string, value: unknown): Thenable<void>;
}

const ORIGINS = "judgeOrigins";

export class JudgeKeys {
  readonly #secrets: Secrets;
  readonly #origins: Origins;

  constructor(secrets: Secrets, origins: Origins) {
    this.#secrets = secrets;
    this.#origins = origins;
  }

  /** Origins that have a key, in alphabetical order. */
  get origins(): string[] {
    const kept = this.#origins.get<unknown>(ORIGINS, []);
    return Array.isArray(kept) ? kept.filter((origin): origin is string => typeof origin === "string") : [];
  }

  /** The key for an endpoint. @throws InputError for an address that cannot be used */
  async keyFor(address: string): Promise<string | undefined> {
    return await this.#secrets.get(nameOf(originOf(address)));
  }

  /** @throws InputError for an address or a key that cannot be used */
  async set(address: string, key: string): Promise<string> {
    const origin = originOf(address);
    await this.#secrets.store(nameOf(origin), checkKey(key.trim()));
    await this.#origins.update(ORIGINS, [...new Set([...this.origins, origin])].sort());
    return origin;
  }

  async forget(origin: string): Promise<void> {
    await this.#secrets.delete(nameOf(origin));
    await this.#origins.update(
      ORIGINS,
      this.origins.filter((kept) => kept !== origin),
    );
  }
}

const nameOf = (origin: string): string => `toolexpander.judgeKey ${origin}`;
