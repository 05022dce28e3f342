/**
 * One view's conversation about the episodes of a source (schemas/episodesView.ts): answers its requests, and says which revision of them
 * there is. Knows neither the editor nor threads.
 */
import {
  type EpisodeKey,
  type EpisodeParams,
  type EpisodeRequest,
  type EpisodeRow,
  type EpisodesHostMessage,
  episodeId,
  isEpisodesMessage,
} from "../../../schemas/episodesView.ts";
import { Refused } from "../../views/refused.ts";
import { detailOf, moreOf } from "./detail.ts";
import type { EpisodeSource, ReadEpisode } from "./episodeSource.ts";
import { listed } from "./ordering.ts";

/** Milliseconds. */
const WHILE_IDLE = 200;
const WHILE_BROKEN = 1000;
/** What may be lost is said again. */
const BETWEEN_NEWS = 1000;
/** While a large file is read its list would be another one every moment. */
const BETWEEN_REVISIONS = 500;

interface OpenedList {
  number: number;
  rows: readonly EpisodeRow[];
}

export class EpisodeSession implements Disposable {
  readonly #source: EpisodeSource;
  readonly #post: (message: EpisodesHostMessage) => void;
  #list: OpenedList = { number: 0, rows: [] };
  #revision = 0;
  /** Rows have changed since the revision was counted. */
  #changed = false;
  #last = { revision: 0, news: 0, text: "" };
  #broken = false;
  #visible = true;
  #timer: NodeJS.Timeout | undefined;

  /** @param post sends a message to the view; it may be lost on the way */
  constructor(source: EpisodeSource, post: (message: EpisodesHostMessage) => void) {
    this.#source = source;
    this.#post = post;
  }

  /** Takes a message of the view, whatever it is. */
  receive(message: unknown): void {
    if (isEpisodesMessage(message) && message.kind === "request") void this.#answer(message);
  }

  /** A view that nobody sees is told nothing; its page is made anew when it is seen again. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    clearTimeout(this.#timer);
    if (visible) this.#schedule(0);
  }

  [Symbol.dispose](): void {
    this.#visible = false;
    clearTimeout(this.#timer);
    this.#source[Symbol.dispose]();
  }

  async #answer(request: EpisodeRequest): Promise<void> {
    const { id, method, params } = request;
    try {
      switch (method) {
        case "open":
          return this.#open(id, params);
        case "page":
          return this.#page(id, params);
        case "episode": {
          const episode = await this.#read(params);
          return this.#post({ kind: "reply", id, method, result: detailOf(episode) });
        }
        case "text": {
          const part = moreOf(await this.#read(params.key), params.place, params.from);
          if (!part) throw new Refused("gone", "This text is no longer there.");
          return this.#post({ kind: "reply", id, method, result: part });
        }
      }
    } catch (error) {
      if (error instanceof Refused) this.#post({ kind: "refusal", id, code: error.code, message: error.message });
      else this.#post({ kind: "refusal", id, code: "store", message: this.#failed(error) });
    }
  }

  #open(id: number, { query, count, around }: EpisodeParams<"open">): void {
    if (this.#broken) this.#source.forget();
    this.#refresh();
    this.#broken = false;
    this.#countRevision(true);
    const rows = listed(this.#source.rows(), query);
    const number = this.#list.number + 1;
    this.#list = { number, rows };
    const at = around === null ? -1 : placeOf(rows, around);
    const total = rows.length;
    const start = at === -1 ? 0 : Math.max(0, Math.min(at - (count >> 1), total - count));
    const shown = rows.slice(start, start + count);
    const facts = { list: number, revision: this.#revision, total, header: this.#source.header() };
    this.#post({
      kind: "reply",
      id,
      method: "open",
      result: { ...facts, start, rows: shown, at: at === -1 ? null : at },
    });
    this.#schedule(this.#source.more ? 0 : WHILE_IDLE);
  }

  #page(id: number, { list, start, count }: EpisodeParams<"page">): void {
    const { number, rows } = this.#list;
    if (list !== number) throw new Refused("superseded", "A newer list was opened.");
    const result = { list, start, rows: rows.slice(start, start + count) };
    this.#post({ kind: "reply", id, method: "page", result });
  }

  async #read(key: EpisodeKey): Promise<ReadEpisode> {
    const episode = await this.#source.read(key);
    if (!episode) throw new Refused("gone", "This episode is no longer there: it was played or generated anew.");
    return episode;
  }

  #refresh(): void {
    if (this.#source.refresh()) this.#changed = true;
  }

  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#visible) this.#timer = setTimeout(() => this.#poll(), milliseconds);
  }

  #poll(): void {
    try {
      this.#refresh();
      if (this.#broken) this.#changed = true;
      this.#broken = false;
      this.#countRevision(!this.#source.more);
      this.#tell();
      this.#schedule(this.#source.more ? 0 : WHILE_IDLE);
    } catch (error) {
      this.#post({ kind: "problem", message: this.#failed(error) });
      this.#schedule(WHILE_BROKEN);
    }
  }

  /** @param atOnce whether what is there so far is worth a revision of its own */
  #countRevision(atOnce: boolean): void {
    const now = Date.now();
    if (!this.#changed || (!atOnce && now - this.#last.revision < BETWEEN_REVISIONS)) return;
    this.#revision++;
    this.#changed = false;
    this.#last.revision = now;
  }

  #tell(): void {
    const header = this.#source.header();
    const text = JSON.stringify([this.#revision, header.reading === null ? header : null]);
    const now = Date.now();
    if (text === this.#last.text && now - this.#last.news < BETWEEN_NEWS) return;
    this.#last.text = text;
    this.#last.news = now;
    this.#post({ kind: "now", revision: this.#revision, header });
  }

  #failed(error: unknown): string {
    this.#source.forget();
    this.#broken = true;
    this.#schedule(WHILE_BROKEN);
    return this.#source.sentenceOf(error);
  }
}

function placeOf(rows: readonly EpisodeRow[], key: EpisodeKey): number {
  const wanted = episodeId(key);
  return rows.findIndex((row) => episodeId(row) === wanted);
}
