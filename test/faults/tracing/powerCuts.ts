/**
 * What a power cut could take away, told from the system calls of a process. The disk is the least forgiving one that POSIX allows
 * (rationale of fsync, IEEE Std 1003.1): contents last from their fsync on, names from the fsync of their folder on, and neither
 * waits for the other.
 */
import { dirname } from "node:path";
import type { SystemCall } from "./strace.ts";

/** A place where a power cut at the worst moment leaves less than was promised. */
export interface Breach {
  /** Line of the trace, from 1. */
  line: number;
  what: string;
}

interface Content {
  /** Rises with each change. */
  version: number;
  synced: number;
}

export interface Watch {
  /** Only what lies below is looked at. */
  folder: string;
  /** Names that mean nothing once their process is gone: they may come and go as they like. */
  passing(path: string): boolean;
  /** Whether a sync of this file is a promise: whoever waited for it tells others what was done before. */
  promises(path: string): boolean;
}

const OPENS = new Set(["open", "openat", "creat"]);
const WRITES = new Set(["write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate", "truncate"]);
const COPIES = new Set(["copy_file_range", "sendfile"]);
const MOVES = new Set(["rename", "renameat", "renameat2", "link", "linkat"]);
const REMOVES = new Set(["unlink", "unlinkat", "rmdir"]);
const SYNCS = new Set(["fsync", "fdatasync"]);

export class PowerCuts {
  readonly breaches: Breach[] = [];
  readonly #watch: Watch;
  readonly #contents = new Map<string, Content>();
  /** Names that would be gone, by the folder whose sync they wait for. */
  readonly #names = new Map<string, Set<string>>();
  /** Of names that were given to something whole: those that others rely on. */
  readonly #given = new Set<string>();

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** Goes through a trace from its first call to the end of its processes. */
  static of(calls: readonly SystemCall[], watch: Watch): Breach[] {
    const cuts = new PowerCuts(watch);
    // A sync covers what was written before it began.
    const began = calls.filter(({ name }) => SYNCS.has(name)).toSorted((a, b) => a.began - b.began);
    const covered = new Map<SystemCall, number>();
    for (const call of calls) {
      for (let sync = began[0]; sync && sync.began <= call.ended; sync = began[0]) {
        covered.set(sync, cuts.#contents.get(sync.paths[0] ?? "")?.version ?? 0);
        began.shift();
      }
      if (call.result !== undefined && call.result >= 0) cuts.#take(call, covered.get(call) ?? 0);
    }
    const last = calls.at(-1)?.ended ?? 0;
    cuts.#expectNames(last, "the process ended");
    for (const [path, content] of cuts.#contents) {
      if (content.version > content.synced) cuts.#breach(last, `${path} was not synced before the process ended`);
    }
    return cuts.breaches;
  }

  #take({ name, paths, text, ended }: SystemCall, version: number): void {
    const [path = "", target = ""] = paths;
    if (OPENS.has(name)) {
      if (/O_CREAT|O_TRUNC/.test(text) || name === "creat") this.#opened(path, /O_TRUNC/.test(text));
    } else if (WRITES.has(name)) this.#changed(path);
    else if (COPIES.has(name)) this.#changed(name === "sendfile" ? path : target);
    else if (name.startsWith("mkdir")) this.#named(path);
    else if (MOVES.has(name)) this.#moved(path, target, name.startsWith("link"), ended);
    else if (REMOVES.has(name)) this.#removed(path, ended);
    else if (SYNCS.has(name)) this.#synced(path, version, ended);
  }

  #isWatched(path: string): boolean {
    return path.startsWith(`${this.#watch.folder}/`) && !this.#watch.passing(path);
  }

  #opened(path: string, truncates: boolean): void {
    if (!this.#isWatched(path)) return;
    const known = this.#contents.get(path);
    if (known === undefined) {
      this.#contents.set(path, { version: 1, synced: 0 });
      this.#named(path);
    } else if (truncates) known.version++;
  }

  #changed(path: string): void {
    if (!this.#isWatched(path)) return;
    const content = this.#contents.get(path);
    if (content) content.version++;
    else this.#contents.set(path, { version: 1, synced: 0 });
  }

  #named(path: string): void {
    if (!this.#isWatched(path)) return;
    const folder = dirname(path);
    this.#names.set(folder, (this.#names.get(folder) ?? new Set()).add(path));
  }

  #moved(from: string, to: string, stays: boolean, line: number): void {
    if (!this.#isWatched(to)) {
      this.#forget(from);
      return;
    }
    this.#expectNames(line, `${to} got its name`, dirname(to));
    for (const [path, content] of [...this.#contents]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      if (content.version > content.synced) this.#breach(line, `${path} was not synced before it was named ${to}`);
      if (!stays) this.#contents.delete(path);
      this.#contents.set(to + path.slice(from.length), content);
    }
    for (const [folder, names] of [...this.#names]) {
      if (folder !== from && !folder.startsWith(`${from}/`)) continue;
      for (const path of names) this.#breach(line, `the name ${path} was not synced before ${from} was named ${to}`);
      this.#names.delete(folder);
    }
    if (!stays) this.#names.get(dirname(from))?.delete(from);
    this.#given.delete(from);
    this.#named(to);
    this.#given.add(to);
  }

  #removed(path: string, line: number): void {
    // What is removed may be what a new name stands for: until that lasts, the old one is all there is.
    if (this.#isWatched(path)) this.#expectNames(line, `${path} was removed`);
    this.#forget(path);
  }

  #forget(path: string): void {
    this.#contents.delete(path);
    this.#given.delete(path);
    this.#names.get(dirname(path))?.delete(path);
    this.#names.delete(path);
  }

  #synced(path: string, version: number, line: number): void {
    for (const name of this.#names.get(path) ?? []) this.#given.delete(name);
    this.#names.delete(path);
    const content = this.#contents.get(path);
    if (content) content.synced = Math.max(content.synced, version);
    if (this.#watch.promises(path)) this.#expectNames(line, `${path} promised it`);
  }

  /** Every name that was given to something whole has to last by now. @param but the folder whose sync is yet to come */
  #expectNames(line: number, before: string, but?: string): void {
    for (const path of this.#given) {
      if (dirname(path) === but) continue;
      this.#breach(line, `the name ${path} was not synced before ${before}`);
      this.#given.delete(path);
    }
  }

  #breach(line: number, what: string): void {
    this.breaches.push({ line: line + 1, what });
  }
}
