/** The connection to one run's server: made while a server may be there, watched, and made again when it was lost. */
import { hostname } from "node:os";
import { describe, InputError } from "../../../schemas/problem.ts";
import { connectToRun, type RunClient } from "../../../server/training/client/connect.ts";
import { RunView, watchRun } from "../../../server/training/client/runView.ts";
import { readServerFile } from "../../../server/training/server/serverFile.ts";
import type { Link } from "../../status/runStatus.ts";

/** Rest between two attempts at a server that did not answer, milliseconds. */
const RETRY_MS = 15_000;

export class RunLink {
  readonly #folder: string;
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  #client: RunClient | undefined;
  #view: RunView | undefined;
  #attempt: Promise<void> | undefined;
  #trouble: { kind: "elsewhere" | "unreachable"; message: string; at: number } | undefined;
  #disposed = false;

  /** @param failed hears of what should not have happened */
  constructor(folder: string, changed: () => void, failed: (error: unknown) => void) {
    this.#folder = folder;
    this.#changed = changed;
    this.#failed = failed;
  }

  get client(): RunClient | undefined {
    return this.#client;
  }

  get state(): Link {
    if (this.#view) return { kind: "attached", snapshot: this.#view.snapshot, progress: this.#view.progress };
    if (this.#trouble) return { kind: this.#trouble.kind, message: this.#trouble.message };
    return { kind: this.#attempt ? "connecting" : "none" };
  }

  /** Connects where a server may be there and no connection stands. Settles when that is decided; never rejects. */
  look(): Promise<void> {
    if (this.#disposed || this.#view) return Promise.resolve();
    if (this.#attempt) return this.#attempt;
    const server = readServerFile(this.#folder);
    if (server === undefined) {
      this.#trouble = undefined;
      return Promise.resolve();
    }
    if (this.#trouble && performance.now() - this.#trouble.at < RETRY_MS) return Promise.resolve();
    this.#attempt = this.#attach(server.hostname).finally(() => {
      this.#attempt = undefined;
    });
    return this.#attempt;
  }

  async #attach(host: string): Promise<void> {
    let client: RunClient | undefined;
    try {
      client = await connectToRun(this.#folder);
      this.#trouble = undefined;
      if (client === undefined) return;
      if (this.#disposed) return client.close();
      const view = await watchRun(
        client,
        (snapshot) => new RunView(snapshot),
        () => this.#changed(),
      );
      this.#client = client;
      this.#view = view;
      void this.#untilClosed(client);
    } catch (error) {
      client?.close();
      this.#explain(error, host);
    }
  }

  #explain(error: unknown, host: string): void {
    if (error instanceof InputError) {
      const kind = host === hostname() ? "unreachable" : "elsewhere";
      this.#trouble = { kind, message: describe(error), at: performance.now() };
      return;
    }
    // A server that ends while it is asked leaves a broken connection; the next look finds out what became of it.
    if (readServerFile(this.#folder) !== undefined) this.#failed(error);
  }

  async #untilClosed(client: RunClient): Promise<void> {
    await client.closed;
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#view = undefined;
    if (!this.#disposed) this.#changed();
  }

  dispose(): void {
    this.#disposed = true;
    this.#client?.close();
  }
}
