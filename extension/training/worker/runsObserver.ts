/** Watches every run of some folders: their records on disk, and the servers of those that live. */
import { type Stats, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe } from "../../../schemas/problem.ts";
import { type ListedRun, listRun, RECORD_FILE, runFoldersIn } from "../../../server/store/runFolder.ts";
import type { RunClient } from "../../../server/training/client/connect.ts";
import { type RunStatus, type StoredNumbers, statusOf } from "../../status/runStatus.ts";
import { RunLink } from "./runLink.ts";
import { numbersOf } from "./runNumbers.ts";

/** Changes are told together, at most this often: a person reads no faster. Milliseconds. */
const TELL_MS = 200;

interface Entry {
  listed: ListedRun;
  /** Tells one state of the record file from another. */
  version: string;
  link: RunLink;
  /** From the store; read again when the record has changed. */
  numbers?: { version: string; stored: StoredNumbers | undefined };
}

export class RunsObserver {
  readonly #tell: (runs: RunStatus[]) => void;
  readonly #failed: (error: unknown) => void;
  readonly #entries = new Map<string, Entry>();
  #folders: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #told = "";
  #disposed = false;

  /** @param failed hears of what should not have happened */
  constructor(tell: (runs: RunStatus[]) => void, failed: (error: unknown) => void) {
    this.#tell = tell;
    this.#failed = failed;
  }

  /** The folders of runs to watch from here on. Those that are not there have no runs. */
  watch(folders: readonly string[]): void {
    this.#folders = [...new Set(folders.map((folder) => resolve(folder)))];
  }

  /** Reads what has changed on disk, connects to servers that are new, and tells. Settles when all have answered. */
  async look(): Promise<RunStatus[]> {
    if (this.#disposed) return [];
    this.#scan();
    const links = [...this.#entries.values()].map((entry) => {
      // A server that cannot be asked goes on writing, and the record does not tell.
      if (entry.link.state.kind === "elsewhere" || entry.link.state.kind === "unreachable") delete entry.numbers;
      return entry.link.look();
    });
    this.#tellSoon();
    await Promise.all(links);
    if (links.length > 0) this.#scan(); // a server that ended meanwhile has written its record
    this.#tellNow();
    return this.runs();
  }

  /** All runs as they are known now, newest first. */
  runs(): RunStatus[] {
    return [...this.#entries.entries()]
      .map(([folder, entry]) => this.#status(folder, entry))
      .sort((a, b) => order(b).localeCompare(order(a)));
  }

  /** The connection to a run, where one stands. */
  client(folder: string): RunClient | undefined {
    return this.#entries.get(folder)?.link.client;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const { link } of this.#entries.values()) link.dispose();
    this.#entries.clear();
  }

  #scan(): void {
    const found = new Set<string>();
    for (const runs of this.#folders) {
      for (const folder of runFoldersIn(runs)) {
        if (this.#read(folder)) found.add(folder);
      }
    }
    for (const [folder, { link }] of this.#entries) {
      if (found.has(folder)) continue;
      link.dispose();
      this.#entries.delete(folder);
    }
  }

  /** False where there is no record. */
  #read(folder: string): boolean {
    const status = statSync(join(folder, RECORD_FILE), { throwIfNoEntry: false });
    if (status === undefined) return false;
    const version = versionOf(status);
    const known = this.#entries.get(folder);
    if (known?.version === version) return true;
    const listed = listRun(folder);
    // Other tools have folders named runs and files named run.json too.
    if ("problem" in listed && !/^\d{8}-\d{6}-/.test(listed.id)) return false;
    if (known) Object.assign(known, { listed, version });
    else this.#entries.set(folder, { listed, version, link: this.#linkTo(folder) });
    return true;
  }

  #linkTo(folder: string): RunLink {
    const changed = (): void => {
      const entry = this.#entries.get(folder);
      if (entry?.link.client) {
        this.#tellSoon();
        return;
      }
      // The connection closed: record and store say how the run ended, or that nobody knows.
      delete entry?.numbers;
      void this.look().catch(this.#failed);
    };
    return new RunLink(folder, changed, this.#failed);
  }

  #status(folder: string, entry: Entry): RunStatus {
    const { listed, link } = entry;
    if ("problem" in listed) {
      return { folder, id: listed.id, name: listed.id, phase: "unreadable", message: describe(listed.problem) };
    }
    const state = link.state;
    const stored = state.kind === "attached" ? undefined : this.#numbers(folder, entry);
    return statusOf(folder, listed.id, listed.record, state, stored);
  }

  #numbers(folder: string, entry: Entry): StoredNumbers | undefined {
    if (entry.numbers?.version === entry.version) return entry.numbers.stored;
    let stored: StoredNumbers | undefined;
    try {
      stored = numbersOf(folder);
    } catch {
      // No store yet, or one that cannot be read: the rollout view says why. The record alone is shown here.
    }
    entry.numbers = { version: entry.version, stored };
    return stored;
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => this.#tellNow(), TELL_MS);
  }

  #tellNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#disposed) return;
    const runs = this.runs();
    const text = JSON.stringify(runs);
    if (text === this.#told) return;
    this.#told = text;
    this.#tell(runs);
  }
}

const versionOf = ({ mtimeMs, size, ino }: Stats): string => `${mtimeMs} ${size} ${ino}`;

/** A run folder's name begins with the time it was made. */
const order = ({ id, folder }: RunStatus): string => `${id} ${folder}`;
