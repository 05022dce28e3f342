/** The connection to one process that has trajectories judged. */

import { LONGEST_JUDGE_REASON } from "../../../schemas/judgeLimits.ts";
import type { JudgeOutcome, JudgeQuestion, JudgingState } from "../../../schemas/judging.ts";
import type { JudgingClient } from "../../../server/training/client/judging.ts";
import type { AskEditor, JudgingStatus } from "../../judging/messages.ts";

export class JudgeLink {
  /** Settles when the process is gone, or the connection was closed. */
  readonly closed: Promise<void>;
  readonly #file: string;
  readonly #client: JudgingClient;
  readonly #ask: AskEditor;
  /** Questions that the window works on, by id. */
  readonly #open = new Map<string, AbortController>();
  #state: JudgingState;
  #isOffered = false;

  private constructor(file: string, client: JudgingClient, state: JudgingState, ask: AskEditor) {
    this.#file = file;
    this.#client = client;
    this.#state = state;
    this.#ask = ask;
    this.closed = client.closed.then(() => this.#cancelAll());
  }

  static async watch(
    file: string,
    client: JudgingClient,
    { changed, ask }: { changed: () => void; ask: AskEditor },
  ): Promise<JudgeLink> {
    let link: JudgeLink | undefined;
    let early: JudgingState | undefined;
    client.on("judging", (state) => {
      early = state;
      if (link === undefined) return;
      link.#state = state;
      changed();
    });
    client.on("judgeQuestion", (question) => {
      if (link !== undefined) void link.#answer(question, changed);
    });
    client.on("judgeCancelled", ({ id }) => {
      if (link !== undefined) link.#open.get(id)?.abort();
    });
    try {
      const state = await client.watch();
      link = new JudgeLink(file, client, early ?? state, ask);
      return link;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  get status(): JudgingStatus {
    return { bridge: this.#file, isOffered: this.#isOffered, state: this.#state };
  }

  async offer(): Promise<void> {
    // Before the answer: the first question comes with it.
    this.#isOffered = true;
    try {
      this.#state = await this.#client.offer();
    } catch (error) {
      this.#isOffered = false;
      throw error;
    }
  }

  /** @returns why the key is not taken; null where it is */
  giveKey(key: string): Promise<string | null> {
    return this.#client.giveKey(key);
  }

  async withdraw(): Promise<void> {
    this.#isOffered = false;
    this.#cancelAll();
    await this.#client.withdraw();
  }

  close(): void {
    this.#client.close();
  }

  async #answer({ id, messages }: JudgeQuestion, changed: () => void): Promise<void> {
    const controller = new AbortController();
    this.#open.set(id, controller);
    const outcome = await this.#outcome(messages, controller.signal);
    this.#open.delete(id);
    if (controller.signal.aborted) return;
    if (outcome.kind === "declined") {
      this.#isOffered = false;
      changed();
    }
    // A process that is gone needs no answer.
    await this.#client.answer(id, outcome).catch(() => {});
  }

  async #outcome(messages: JudgeQuestion["messages"], signal: AbortSignal): Promise<JudgeOutcome> {
    const { model } = this.#state;
    if (model === null) return { kind: "failed", reason: "No model was named." };
    try {
      return await this.#ask({ bridge: this.#file, model, messages }, signal);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: "failed", reason: reason.slice(0, LONGEST_JUDGE_REASON) };
    }
  }

  #cancelAll(): void {
    for (const controller of this.#open.values()) controller.abort();
    this.#open.clear();
  }
}
