/**
 * The view's side of the conversation (schemas/episodesView.ts). It needs no message in particular: whatever is lost, repeated or late,
 * it opens its list anew and is right again.
 */
import {
  type EpisodeKey,
  type EpisodeMethod,
  type EpisodeParams,
  type EpisodeQuery,
  type EpisodeResult,
  type EpisodeRow,
  type EpisodesHeader,
  type EpisodesMessage,
  type episodeRequests,
  isEpisodesHostMessage,
  MOST_EPISODES,
  type Now,
} from "../../../schemas/episodesView.ts";
import { RequestFailed, Requests, type Timers } from "../../client/requests.ts";
import { KnownRows } from "../../list/knownRows.ts";
import { ListConversation, PAGE } from "../../list/listConversation.ts";
import { withoutFar } from "../../list/pages.ts";
import type { Connection } from "../../words/runStates.ts";

/** Rows beyond those looked at that an opening asks for. */
const SPARE = 200;

type Opened = EpisodeResult<"open">;
type Page = EpisodeResult<"page">;

export interface EpisodesState {
  query: EpisodeQuery;
  connection: Connection;
  /** Why nothing can be read, one sentence. */
  problem: string | undefined;
  header: EpisodesHeader | undefined;
  list: { list: number; rows: KnownRows<EpisodeRow> } | undefined;
  /** Of the episodes as the list has them. */
  revision: number;
  /** Rises with every list that was opened; `at` is then where the row that the view stood at has gone. */
  openings: number;
  at: number | null;
}

export interface EpisodesClientOptions {
  post(message: EpisodesMessage): void;
  timers: Timers;
  query: EpisodeQuery;
  /** The row that the view was at when it was last seen. */
  around: EpisodeKey | null;
  changed(): void;
}

export class EpisodesClient {
  readonly #options: EpisodesClientOptions;
  readonly #requests: Requests<typeof episodeRequests>;
  readonly #lists: ListConversation<EpisodeKey, Opened, Page>;
  #state: EpisodesState;

  constructor(options: EpisodesClientOptions) {
    const { post, timers, query, around } = options;
    this.#options = options;
    this.#requests = new Requests({ post, timers, silence: "No answer came from the reader of the episodes." });
    this.#lists = new ListConversation<EpisodeKey, Opened, Page>(
      {
        timers,
        askToOpen: (seen, at) => this.#askToOpen(seen, at),
        askForPage: (list, start, count) => this.#requests.ask("page", { list, start, count }),
        current: () => this.#state.list,
        opened: (answer, at) => this.#opened(answer, at),
        paged: (page) => this.#paged(page),
        failed: (error) => this.#failed(error),
        silent: () => this.#update({ connection: "connecting" }),
      },
      around,
    );
    this.#state = {
      query,
      connection: "connecting",
      problem: undefined,
      header: undefined,
      list: undefined,
      revision: -1,
      openings: 0,
      at: null,
    };
  }

  get state(): EpisodesState {
    return this.#state;
  }

  /** Where to go on from when a list is opened anew; null for its beginning. Asked at each opening. */
  anchorWith(around: () => EpisodeKey | null): void {
    this.#lists.anchorWith(around);
  }

  /** @param around an episode that is to be seen in the new list */
  setQuery(query: EpisodeQuery, around: EpisodeKey | null = null): void {
    this.#update({ query });
    this.#lists.openOther(around);
  }

  /** Opens the list anew. Of several openings the last one counts. */
  open(): void {
    this.#lists.open();
  }

  /** Tells which rows are looked at; those that are missing are asked for. */
  look(first: number, end: number): void {
    this.#lists.look(first, end);
  }

  /** @throws RequestFailed */
  ask<M extends Exclude<EpisodeMethod, "open" | "page">>(
    method: M,
    params: EpisodeParams<M>,
  ): Promise<EpisodeResult<M>> {
    return this.#requests.ask(method, params);
  }

  /** The rollouts of the run are wanted. */
  openRollouts(): void {
    this.#options.post({ kind: "openRollouts" });
  }

  /** Takes a message of the other end, whatever it is. */
  receive(message: unknown): void {
    if (!isEpisodesHostMessage(message)) return;
    if (message.kind === "problem") this.#failed(new RequestFailed("store", message.message));
    else if (message.kind === "now") this.#now(message);
    else this.#requests.settle(message);
  }

  dispose(): void {
    this.#lists.dispose();
  }

  #askToOpen(seen: number, around: EpisodeKey | null): Promise<Opened> {
    const count = Math.min(MOST_EPISODES, Math.max(PAGE, seen + SPARE));
    return this.#requests.ask("open", { query: this.#state.query, count, around });
  }

  #opened({ list, revision, total, start, rows, at, header }: Opened, around: EpisodeKey | null): void {
    this.#update({
      connection: "live",
      problem: undefined,
      header,
      list: { list, rows: KnownRows.unknown<EpisodeRow>(total).with(start, rows) },
      revision,
      openings: this.#state.openings + 1,
      at: around === null ? 0 : at,
    });
  }

  #paged({ start, rows }: Page): void {
    const { list } = this.#state;
    if (list) this.#update({ list: { ...list, rows: withoutFar(list.rows.with(start, rows), this.#lists.window) } });
  }

  #now({ revision, header }: Now): void {
    this.#lists.heard();
    this.#update({ header });
    if (revision !== this.#state.revision && this.#state.list && !this.#lists.isOpening) this.open();
  }

  #failed(error: unknown): void {
    if (!(error instanceof RequestFailed)) throw error;
    if (error.code === "superseded") return;
    this.#lists.heard();
    this.#update({ connection: "broken", problem: error.message });
  }

  #update(changes: Partial<EpisodesState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#options.changed();
  }
}
