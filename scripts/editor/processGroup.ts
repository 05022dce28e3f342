/** A program in a process group of its own, so that all it starts can be ended with it. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** Time a group has to end by itself before it is killed, milliseconds. */
const GRACE_MS = 5000;

const living = new Set<ProcessGroup>();

/** Whatever ends this process ends its groups: a signal would otherwise leave them to nobody. */
process.on("exit", () => {
  for (const group of living) group.signal("SIGKILL");
});

/** For programs that have no other use for these signals: end as they would, but through `exit`. */
export function exitOnSignals(): void {
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ] as const) {
    process.once(signal, () => process.exit(128 + number));
  }
}

export class ProcessGroup {
  readonly child: ChildProcess;
  /** Settles with the exit code of the program itself; the rest of its group may live on until `stop`. */
  readonly ended: Promise<number | null>;

  constructor(program: string, args: readonly string[], options: SpawnOptions) {
    this.child = spawn(program, args, { ...options, detached: true });
    living.add(this);
    this.ended = new Promise((resolve) => {
      this.child.once("exit", resolve);
      this.child.once("error", () => resolve(null));
    });
  }

  /** True where there was somebody to hear it. */
  signal(signal: NodeJS.Signals | 0): boolean {
    if (this.child.pid === undefined) return false;
    try {
      return process.kill(-this.child.pid, signal);
    } catch {
      return false;
    }
  }

  /** Ends every process of the group, politely first. */
  async stop(): Promise<void> {
    this.signal("SIGTERM");
    const deadline = performance.now() + GRACE_MS;
    while (this.signal(0) && performance.now() < deadline) await sleep(25);
    this.signal("SIGKILL");
    living.delete(this);
  }
}
