/** An engine's sessions: each graph is built and compiled when it is first asked for. */

import type { Constants, Graph, Target } from "../graph/graph.ts";
import type { Device } from "./device.ts";
import { computesFromHost, targetOf } from "./deviceKinds.ts";
import { DeviceMemory } from "./resident.ts";
import { GraphSession } from "./session.ts";

/** Outputs that stay on a device with a memory of its own. */
export type Stays = (output: string) => boolean;

export const nothing: Stays = () => false;
export const everything: Stays = () => true;

export class SessionPool {
  readonly device: Pick<Device, "name" | "threads">;
  /** The form of its graphs. */
  readonly target: Target;
  /** Of a device whose memory is the host's, an account in which nothing happens. */
  readonly memory = new DeviceMemory();
  readonly #sessions = new Map<string, Promise<GraphSession>>();

  constructor(device: Pick<Device, "name" | "threads">) {
    this.device = device;
    this.target = targetOf(device.name);
  }

  /** The session of that name; `stays` means nothing where the device computes in the host's memory. */
  get(name: string, build: () => Graph, stays: Stays = nothing, constants?: Constants): Promise<GraphSession> {
    const { name: device, threads } = this.device;
    const resident = computesFromHost(device) ? {} : { resident: { memory: this.memory, stays } };
    const options = { device, threads, ...resident, ...(constants && { constants }) };
    const session = this.#sessions.get(name) ?? GraphSession.create(build(), options);
    this.#sessions.set(name, session);
    return session;
  }

  async dispose(): Promise<void> {
    this.memory.dispose();
    for (const session of this.#sessions.values()) await (await session).dispose();
    this.#sessions.clear();
  }
}
