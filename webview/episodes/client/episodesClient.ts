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
import { KnownRows } from "../../rollouts/client/knownRows.ts";
import { missingPages } from "../../rollouts/client/listState.ts";

/** Rows of a request. */
const PAGE = 100;
/** Rows above and below those looked at that are asked for too, and those that stay known. */
const AHEAD = 100;
const KEPT = 1000;

/** Milliseconds. */
const RETRY_AFTER = 1500;
/** `now` comes every second; a busy machine may hold it up. */
const SILENCE = 6000;

export interface EpisodesState {
  query: EpisodeQuery;
  connection: "connecting" | "live" | "broken";
  /** Why nothing can be read, one sentence. */
  problem: string | undefined;
  header: EpisodesHeader | undefined;
  list: { number: number; rows: KnownRows<EpisodeRow> } | undefined;
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
  #state: EpisodesState;
  #opening = 0;
  #busy = false;
  #loading = new Set<number>();
  #window: [first: number, end: number] = [0, PAGE];
  #around: () => EpisodeKey | null;
  #retry: unknown;
  #watch: unknown;

  constructor(options: EpisodesClientOptions) {
    const { post, timers, query, around } = options;
    this.#options = options;
    this.#requests = new Requests({ post, timers, silence: "No answer came from the reader of the episodes." });
    this.#around = () => around;
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
    this.#around = around;
  }

  /** @param around an episode that is to be seen in the new list */
  setQuery(query: EpisodeQuery, around: EpisodeKey | null = null): void {
    this.#update({ query });
    this.#window = [0, PAGE];
    this.open(around);
  }

  /** Opens the list anew. Of several openings the last one counts. */
  open(from?: EpisodeKey | null): void {
    const opening = ++this.#opening;
    const here = this.#around();
    const around = from === undefined ? here : from;
    const [first, end] = this.#window;
    const count = Math.min(MOST_EPISODES, Math.max(PAGE, end - first + 2 * PAGE));
    this.#options.timers.clear(this.#retry);
    this.#busy = true;
    this.#requests.ask("open", { query: this.#state.query, count, around }).then(
      (opened) => {
        if (opening === this.#opening) this.#opened(opened, around);
      },
      (error: unknown) => {
        if (opening !== this.#opening) return;
        this.#busy = false;
        this.#failed(error);
        this.#retry = this.#options.timers.set(() => this.open(around), RETRY_AFTER);
      },
    );
  }

  /** Tells which rows are looked at; those that are missing are asked for. */
  look(first: number, end: number): void {
    this.#window = [first, end];
    this.#load();
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
    this.#opening++;
    for (const timer of [this.#retry, this.#watch]) this.#options.timers.clear(timer);
  }

  #opened(result: EpisodeResult<"open">, around: EpisodeKey | null): void {
    const { list: number, revision, total, start, rows, at, header } = result;
    this.#busy = false;
    this.#loading.clear();
    this.#update({
      connection: "live",
      problem: undefined,
      header,
      list: { number, rows: KnownRows.unknown<EpisodeRow>(total).with(start, rows) },
      revision,
      openings: this.#state.openings + 1,
      at: around === null ? 0 : at,
    });
    this.#load();
    this.#heard();
  }

  #now({ revision, header }: Now): void {
    this.#heard();
    this.#update({ header });
    if (revision !== this.#state.revision && this.#state.list && !this.#busy) this.open();
  }

  #load(): void {
    const { list } = this.#state;
    if (!list || this.#busy) return;
    const [first, end] = this.#window;
    for (const start of missingPages(list, first - AHEAD, end + AHEAD, PAGE)) {
      if (this.#loading.has(start)) continue;
      this.#loading.add(start);
      const count = Math.min(PAGE, list.rows.length - start);
      this.#requests.ask("page", { list: list.number, start, count }).then(
        (page) => this.#paged(page),
        () => {
          if (this.#state.list?.number === list.number && !this.#busy) this.open();
        },
      );
    }
  }

  #paged({ list: number, start, rows }: EpisodeResult<"page">): void {
    const { list } = this.#state;
    if (list?.number !== number) return;
    this.#loading.delete(start);
    const [first, end] = this.#window;
    this.#update({ list: { number, rows: list.rows.with(start, rows).only(first - KEPT, end + KEPT) } });
    this.#load();
  }

  #failed(error: unknown): void {
    if (!(error instanceof RequestFailed)) throw error;
    if (error.code === "superseded") return;
    this.#heard();
    this.#update({ connection: "broken", problem: error.message });
  }

  /** Something came: the other end lives. Opens the list anew where nothing comes for long. */
  #heard(): void {
    const { timers } = this.#options;
    timers.clear(this.#watch);
    this.#watch = timers.set(() => {
      this.#update({ connection: "connecting" });
      this.open();
    }, SILENCE);
  }

  #update(changes: Partial<EpisodesState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#options.changed();
  }
}
