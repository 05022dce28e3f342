/**
 * What is being typed, by its place in the file: shown instead of the file's value until the file has it. A text that means
 * no value yet stays here, whatever else happens to the file, until it means one or is given up.
 */
import type { Change, Path } from "../../../schemas/replacementView.ts";
import type { Timers } from "../../client/requests.ts";
import { pathAfter } from "./paths.ts";

/** Milliseconds of quiet after which what was typed goes into the document: nothing is left for a saving to wait for. */
export const PAUSE = 120;

/** A text that is in the file's place only once it means a value. */
export interface Unfinished {
  path: Path;
  text: string;
  /** What the file has there. */
  base: string;
}

interface Draft extends Unfinished {
  /** Asks for the change that the text means: the edit's number, or undefined where it means none yet. */
  send(text: string): number | undefined;
  /** Of the wait for a pause. */
  timer?: unknown;
  /** Number of the edit that carries the text. */
  sent?: number;
  /** Version of the document from which on the edit is in it, or was refused. */
  settled?: number;
}

export interface Typed {
  path: Path;
  text: string;
  /** What the file has there. */
  base: string;
  send(text: string): number | undefined;
}

export class Drafts {
  readonly #timers: Timers;
  readonly #changed: () => void;
  #drafts = new Map<string, Draft>();

  /** @param changed told whenever what is unfinished may be another */
  constructor(timers: Timers, changed: () => void) {
    this.#timers = timers;
    this.#changed = changed;
  }

  /** Takes up what was unfinished when the view was closed. */
  restore(unfinished: readonly Unfinished[]): void {
    for (const one of unfinished) this.#drafts.set(keyOf(one.path), { ...one, send: () => undefined });
  }

  get unfinished(): Unfinished[] {
    return [...this.#drafts.values()]
      .filter(({ timer, sent }) => timer === undefined && sent === undefined)
      .map(({ path, text, base }) => ({ path, text, base }));
  }

  /**
   * What is typed at a place; undefined where the file's value is what counts.
   *
   * @param value the file's, in that version of it
   */
  at(path: Path, value: string, version: number): string | undefined {
    const draft = this.#drafts.get(keyOf(path));
    if (draft === undefined || draft.timer !== undefined) return draft?.text;
    const isOver = draft.sent === undefined ? draft.base !== value : version >= (draft.settled ?? Infinity);
    if (!isOver) return draft.text;
    this.#drafts.delete(keyOf(path));
    return undefined;
  }

  type(typed: Typed): void {
    const key = keyOf(typed.path);
    this.#timers.clear(this.#drafts.get(key)?.timer);
    const draft: Draft = { ...typed };
    draft.timer = this.#timers.set(() => this.#send(draft), PAUSE);
    this.#drafts.set(key, draft);
  }

  /** Sends what waits for a pause. */
  flush(): void {
    for (const draft of this.#drafts.values()) if (draft.timer !== undefined) this.#send(draft);
  }

  /** The document has this version, and all edits up to this number are in it or were refused. */
  settle(edit: number, version: number): void {
    for (const draft of this.#drafts.values()) {
      if (draft.sent !== undefined && draft.sent <= edit) draft.settled ??= version;
    }
  }

  /** What was typed goes where its place goes. */
  follow(changes: readonly Change[]): void {
    const moved = new Map<string, Draft>();
    for (const draft of this.#drafts.values()) {
      const path = changes.reduce<Path | undefined>((at, change) => at && pathAfter(at, change), draft.path);
      if (path !== undefined) moved.set(keyOf(path), Object.assign(draft, { path }));
      else this.#timers.clear(draft.timer);
    }
    this.#drafts = moved;
    this.#changed();
  }

  #send(draft: Draft): void {
    this.#timers.clear(draft.timer);
    delete draft.timer;
    const sent = draft.send(draft.text);
    if (sent !== undefined) draft.sent = sent;
    this.#changed();
  }
}

const keyOf = (path: Path): string => JSON.stringify(path);
