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

  /** @param connected is given the connection before anything was told */
  constructor(folder: string, server: HeldServer, connected: (client: RunClient) => void = () => {}) {
    this.#settled = this.#follow(folder, server, connected);
  }

  /** Settles when the server is gone and everything that it said was heard. */
  settled(): Promise<void> {
    return this.#settled;
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
      client.on("step", ({ step }) => {
        // An engine that died has the last steps replayed.
        this.step = Math.max(this.step, step);
      });
      connected(client);
      await client
        .attach()
        .then(({ activity, step }) => {
          this.activity = activity;
          this.step = Math.max(this.step, step);
        })
        .catch(() => {}); // killed before it answered
      await client.closed;
      client.close();
    }
    await server.ended;
  }
}
