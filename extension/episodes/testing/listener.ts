/** A view of episodes that only asks and listens. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import {
  type EpisodeMethod,
  type EpisodeParams,
  type EpisodeQuery,
  type EpisodeResult,
  type EpisodesHostMessage,
  EVERY_EPISODE,
  isEpisodesHostMessage,
  MOST_EPISODES,
} from "../../../schemas/episodesView.ts";
import type { EpisodeSource } from "../worker/episodeSource.ts";
import { EpisodeSession } from "../worker/session.ts";

export class Listener implements Disposable {
  readonly session: EpisodeSession;
  readonly messages: EpisodesHostMessage[] = [];
  #id = 0;

  constructor(source: EpisodeSource) {
    this.session = new EpisodeSession(source, (message) => {
      // Crosses a thread, then a window: what comes out must be plain, and what the schema says.
      const copy: unknown = JSON.parse(JSON.stringify(structuredClone(message)));
      assert.ok(isEpisodesHostMessage(copy), JSON.stringify(message).slice(0, 400));
      this.messages.push(copy);
    });
  }

  async ask<M extends EpisodeMethod>(method: M, params: EpisodeParams<M>): Promise<EpisodeResult<M>> {
    const reply = await this.answer(method, params);
    assert.ok(reply.kind === "reply", JSON.stringify(reply));
    return reply.result as EpisodeResult<M>;
  }

  async answer<M extends EpisodeMethod>(method: M, params: EpisodeParams<M>) {
    const id = ++this.#id;
    this.session.receive({ kind: "request", id, method, params });
    return this.until((message) => (message.kind === "reply" || message.kind === "refusal") && message.id === id);
  }

  open(changes: Partial<EpisodeQuery> = {}): Promise<EpisodeResult<"open">> {
    return this.ask("open", { query: { ...EVERY_EPISODE, ...changes }, count: MOST_EPISODES, around: null });
  }

  /** Ids of the questions that a query lists. */
  async questions(changes: Partial<EpisodeQuery> = {}): Promise<string[]> {
    const { rows } = await this.open(changes);
    return rows.map(({ question }) => question);
  }

  async until(wanted: (message: EpisodesHostMessage) => boolean): Promise<EpisodesHostMessage> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const found = this.messages.find(wanted);
      if (found) return found;
      assert.ok(Date.now() < deadline, `not told in time; told: ${this.messages.map(({ kind }) => kind).join(" ")}`);
      await pause(5);
    }
  }

  [Symbol.dispose](): void {
    this.session[Symbol.dispose]();
  }
}
