/** The window's connections to processes that have trajectories judged: found by their files, and answered where the person offered that. */

import { InputError } from "../../../schemas/problem.ts";
import { connectToJudging } from "../../../server/training/client/judging.ts";
import type { AskEditor, JudgingStatus } from "../../judging/messages.ts";
import { JudgeLink } from "./judgeLink.ts";

export interface JudgeEnds {
  changed(list: JudgingStatus[]): void;
  ask: AskEditor;
}

export class JudgeLinks {
  readonly #ends: JudgeEnds;
  readonly #links = new Map<string, JudgeLink>();
  /** Files that are being connected to. */
  readonly #coming = new Map<string, Promise<void>>();
  #files: ReadonlySet<string> = new Set();

  constructor(ends: JudgeEnds) {
    this.#ends = ends;
  }

  /** Follows the processes of these files and of no others. Settles when each has answered, or is known to be gone. */
  async follow(files: readonly string[]): Promise<JudgingStatus[]> {
    this.#files = new Set(files);
    for (const [file, link] of this.#links) if (!this.#files.has(file)) this.#drop(file, link);
    await Promise.all(files.map((file) => this.#connect(file)));
    return this.list();
  }

  list(): JudgingStatus[] {
    return [...this.#links.values()].map(({ status }) => status).sort((a, b) => a.bridge.localeCompare(b.bridge));
  }

  /** @throws InputError where the process is gone */
  async offer(file: string): Promise<null> {
    await this.#link(file).offer();
    return null;
  }

  /** @returns why the key is not taken; null where it is. @throws InputError where the process is gone */
  async giveKey(file: string, key: string): Promise<string | null> {
    return this.#link(file).giveKey(key);
  }

  async withdraw(file: string): Promise<null> {
    await this.#links.get(file)?.withdraw();
    return null;
  }

  #link(file: string): JudgeLink {
    const link = this.#links.get(file);
    if (link) return link;
    throw new InputError("The process that generates these trajectories is gone; start it again.", { file });
  }

  #drop(file: string, link: JudgeLink): void {
    this.#links.delete(file);
    link.close();
  }

  /** The process is gone; another may have come in its place already. */
  #lost(file: string, link: JudgeLink): void {
    if (this.#links.get(file) !== link) return;
    this.#links.delete(file);
    this.#ends.changed(this.list());
    void this.#connect(file);
  }

  #connect(file: string): Promise<void> {
    if (this.#links.has(file)) return Promise.resolve();
    const coming = this.#coming.get(file) ?? this.#attach(file).finally(() => this.#coming.delete(file));
    this.#coming.set(file, coming);
    return coming;
  }

  async #attach(file: string): Promise<void> {
    try {
      const client = await connectToJudging(file);
      if (client === undefined) return;
      const link = await JudgeLink.watch(file, client, {
        changed: () => this.#ends.changed(this.list()),
        ask: (params, signal) => this.#ends.ask(params, signal),
      });
      if (!this.#files.has(file)) return link.close();
      this.#links.set(file, link);
      this.#ends.changed(this.list());
      void link.closed.then(() => this.#lost(file, link));
    } catch {
      // Gone while it was asked, or another user's or machine's: nothing that this window could judge.
    }
  }
}
