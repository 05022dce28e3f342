/** Resident memory of processes, as Linux keeps it. */
import { readdirSync, readFileSync } from "node:fs";

/** How often a tree is looked at, milliseconds: a process keeps its own highest, so only one that is born and gone between is missed. */
const EVERY_MS = 100;

/**
 * Watches a process and all below it. What it tells is the sum of each one's own highest resident set: never less than the
 * highest sum, and the same for a single process.
 */
export class TreeMemory {
  readonly #root: number;
  readonly #highest = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(root: number) {
    this.#root = root;
    this.#timer = setInterval(() => this.#look(), EVERY_MS).unref();
  }

  /** Megabytes so far, and the end of watching. */
  end(): number {
    this.#look();
    clearInterval(this.#timer);
    return [...this.#highest.values()].reduce((sum, megabytes) => sum + megabytes, 0);
  }

  #look(): void {
    for (const pid of tree(this.#root)) {
      const megabytes = unlessGone(() => peakMegabytes(pid));
      if (megabytes !== undefined) this.#highest.set(pid, megabytes);
    }
  }
}

/** Highest resident set of a process so far. Linux only. */
export function peakMegabytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kilobytes === undefined) throw new Error(`No peak memory for process ${pid}`);
  return Math.round(Number(kilobytes) / 1024);
}

/** A process and all that descend from it. */
const tree = (root: number): number[] => [root, ...childrenOf(root).flatMap(tree)];

/** Processes that a process has started. Linux only. */
export function childrenOf(pid: number): number[] {
  const threads = unlessGone(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return threads.flatMap((thread) => {
    const text = unlessGone(() => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"));
    return text?.trim().split(" ").filter(Boolean).map(Number) ?? [];
  });
}

/** A process may end while it is looked at: then there is nothing to read. */
export function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
