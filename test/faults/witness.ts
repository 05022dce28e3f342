/** A client that follows a run from its server's first answer, and remembers what it was told. */
import { setTimeout as sleep } from "node:timers/promises";
import { connectToRun, type RunClient } from "../../server/training/client/connect.ts";
import type { HeldServer } from "./heldServer.ts";

export class Witness {
  /** Newest step that it was told of: from then on nothing may lose it. */
  step = 0;
  /** What the run was doing when it was last heard of. */
  activity = "before it answered";
  message = "";
  readonly #settled: Promise<void>;
  readonly #waiting: { step: number; told(): void }[] = [];

  /** @param connected is given the connection before anything was told */
  constructor(folder: string, server: HeldServer, connected: (client: RunClient) => void = () => {}) {
    this.#settled = this.#follow(folder, server, connected);
  }

  /** Settles when the server is gone and everything that it said was heard. */
  settled(): Promise<void> {
    return this.#settled;
  }

  /** Settles when it is told of a step, or of a later one; never where the server ends before. */
  toldOf(step: number): Promise<void> {
    return new Promise((told) => {
      this.#waiting.push({ step, told });
      this.#reached(0);
    });
  }

  #reached(step: number): void {
    // An engine that died has the last steps replayed.
    this.step = Math.max(this.step, step);
    for (const waiting of this.#waiting) if (waiting.step <= this.step) waiting.told();
  }

  async #follow(folder: string, server: HeldServer, connected: (client: RunClient) => void): Promise<void> {
    while (!server.hasEnded) {
      const client = await connectToRun(folder).catch(() => undefined);
      if (client === undefined) {
        await sleep(10);
        continue;
      }
      client.on("state", ({ activity, message }) => {
        this.activity = activity;
        this.message = message ?? this.message;
      });
      client.on("step", ({ step }) => this.#reached(step));
      connected(client);
      await client
        .attach()
        .then(({ activity, step }) => {
          this.activity = activity;
          this.#reached(step);
        })
        .catch(() => {}); // killed before it answered
      await client.closed;
      client.close();
    }
    await server.ended;
  }
}
