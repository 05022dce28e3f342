/**
 * The view's side of the conversation (schemas/rolloutView.ts). It holds the state that is shown and needs no message in
 * particular: whatever is lost, repeated or late, it opens its list anew and is right again.
 */
import {
  type Delta,
  type Go,
  type GroupKey,
  type GroupRow,
  groupOf,
  isHostMessage,
  type ListQuery,
  MOST_ROWS,
  type Push,
  type RunHeader,
  type SavedFilter,
  type ViewMessage,
  type ViewMethod,
  type ViewParams,
  type ViewResult,
  type viewRequests,
} from "../../../schemas/rolloutView.ts";
import { RequestFailed, Requests, type Timers } from "../../client/requests.ts";
import { type ListState, missingPages, near, opened, withDelta, withPage } from "./listState.ts";

/** Rows of a request. */
const PAGE = 100;
/** Rows above and below those looked at that are asked for too, so that whoever scrolls finds them there. */
const AHEAD = 100;

/** Milliseconds. */
const retryAfter = 1500;
/** `alive` comes every second; a busy machine may hold it up. */
const silence = 6000;

/** How the view stands to the store: `connecting` also while it opens its list again after a silence. */
export type Connection = "connecting" | "live" | "broken";

export interface ViewState {
  query: ListQuery;
  follow: boolean;
  connection: Connection;
  /** Why nothing can be read, one sentence. */
  problem: string | undefined;
  header: RunHeader | undefined;
  list: ListState | undefined;
  /** Rises with every list that was opened; `at` is then where the row that the view stood at has gone. */
  openings: number;
  at: number | null;
  /** Groups that were added since the view was made, for those who hear it instead of seeing it. */
  added: number;
  /** The newest group of the sample that somebody asked elsewhere to see; the number rises with each such wish. */
  went: { number: number; to: GroupKey | null };
  /** Those that have a name in this workspace. */
  filters: readonly SavedFilter[];
}

export interface ClientOptions {
  post(message: ViewMessage): void;
  timers: Timers;
  query: ListQuery;
  follow: boolean;
  /** The group the view was at when it was last seen. */
  around: GroupKey | null;
  changed(state: ViewState): void;
}

export class RolloutClient {
  readonly #requests: Requests<typeof viewRequests>;
  readonly #options: ClientOptions;
  #state: ViewState;
  #opening = 0;
  #busy = false;
  #loading = new Set<number>();
  #window: [first: number, end: number] = [0, PAGE];
  #around: () => GroupKey | null;
  #retry: unknown;
  #watch: unknown;
  #acknowledge: unknown;
  /** The last wish that was followed. */
  #went = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#requests = new Requests({
      post: options.post,
      timers: options.timers,
      silence: "No answer came from the reader of the run.",
    });
    this.#around = () => options.around;
    this.#state = {
      query: options.query,
      follow: options.follow,
      connection: "connecting",
      problem: undefined,
      header: undefined,
      list: undefined,
      openings: 0,
      at: null,
      added: 0,
      went: { number: 0, to: null },
      filters: [],
    };
  }

  get state(): ViewState {
    return this.#state;
  }

  /** Where to go on from when a list is opened anew; null for its beginning. Asked at each opening. */
  anchorWith(around: () => GroupKey | null): void {
    this.#around = around;
  }

  setQuery(query: ListQuery): void {
    this.#update({ query, follow: true });
    this.#window = [0, PAGE];
    this.open(null);
  }

  /** Following, new groups take their place; otherwise they wait. */
  setFollow(follow: boolean): void {
    if (follow === this.#state.follow) return;
    this.#update({ follow });
    this.open(follow ? null : this.#around());
  }

  /** Stops the search for the query's text where it is, or goes on with it. */
  search(on: boolean): void {
    const { list } = this.#state;
    if (list) this.#options.post({ kind: "search", list: list.list, on });
  }

  /** Opens the list anew from the store. Of several openings the last one counts. */
  open(from?: GroupKey | null): void {
    const opening = ++this.#opening;
    const here = this.#around();
    const around = from === undefined ? here : from;
    const { query, follow } = this.#state;
    const [first, end] = this.#window;
    const count = Math.min(MOST_ROWS, Math.max(PAGE, end - first + 20));
    this.#options.timers.clear(this.#retry);
    this.#busy = true;
    this.#requests.ask("open", { query, follow, count, around: follow ? null : around }).then(
      (result) => {
        if (opening !== this.#opening) return;
        this.#busy = false;
        this.#loading.clear();
        const { openings } = this.#state;
        const { header, at } = result;
        this.#update({
          connection: "live",
          problem: undefined,
          header,
          list: opened(result),
          openings: openings + 1,
          at: follow ? 0 : at,
          ...this.#arrival(result.rows[0]),
        });
        this.#load();
        this.#heard();
      },
      (error: unknown) => {
        if (opening !== this.#opening) return;
        this.#busy = false;
        this.#failed(error);
        this.#retry = this.#options.timers.set(() => this.open(around), retryAfter);
      },
    );
  }

  /** Tells which rows are looked at; those that are missing are asked for. */
  look(first: number, end: number): void {
    this.#window = [first, end];
    this.#load();
  }

  /** Asks about one group or one sample. @throws RequestFailed */
  ask<M extends Exclude<ViewMethod, "open" | "page">>(method: M, params: ViewParams<M>): Promise<ViewResult<M>> {
    return this.#requests.ask(method, params);
  }

  /** Tells the panel what its worker has nothing to do with. */
  tell(
    message: Extract<ViewMessage, { kind: "keepFilters" | "editReplacement" | "promoteRollout" | "showEpisodes" }>,
  ): void {
    this.#options.post(message);
  }

  /** Takes a message of the other end, whatever it is. */
  receive(message: unknown): void {
    if (!isHostMessage(message)) return;
    if (message.kind === "reply" || message.kind === "refusal") this.#requests.settle(message);
    else this.#push(message);
  }

  dispose(): void {
    this.#opening++;
    for (const timer of [this.#retry, this.#watch, this.#acknowledge]) this.#options.timers.clear(timer);
  }

  #push(message: Push): void {
    if (message.kind === "problem") this.#failed(new RequestFailed("store", message.message));
    else if (message.kind === "header") this.#update({ header: message.header });
    else if (message.kind === "go") this.#go(message);
    else if (message.kind === "filters") this.#update({ filters: message.filters });
    else this.#pushOfList(message);
  }

  #pushOfList(message: Exclude<Push, { kind: "problem" | "header" | "go" | "filters" }>): void {
    const { list } = this.#state;
    if (!list || message.list < list.list) return;
    this.#heard();
    // The list that is being opened will hold what this tells.
    if (this.#busy) return;
    if (message.kind === "delta") this.#delta(list, message);
    else if (message.kind === "search") {
      if (message.list === list.list) this.#update({ list: { ...list, search: message.search } });
    } else if (message.kind === "summary" || message.list !== list.list || message.sequence !== list.sequence)
      this.open();
  }

  /** Shows what was asked for, and says so: what is said again after that is past. */
  #go({ number, query }: Go): void {
    this.#options.post({ kind: "went", number });
    if (number <= this.#went) return;
    this.#went = number;
    this.setQuery(query);
  }

  /** With the list of a wish for a sample its newest group is chosen. */
  #arrival(first: GroupRow | undefined): Pick<ViewState, "went"> | undefined {
    const { went, query } = this.#state;
    if (went.number === this.#went) return undefined;
    const to = first && query.sample !== "" ? groupOf(first) : null;
    return { went: { number: this.#went, to } };
  }

  #delta(list: ListState, delta: Delta): void {
    const next = withDelta(list, delta);
    if (next === "past") return;
    if (next === "gap") {
      this.open();
      return;
    }
    this.#update({ list: near(next, ...this.#window), added: this.#state.added + delta.added });
    // Told once the view has drawn it, so that a view that is slow is known to be.
    this.#options.timers.clear(this.#acknowledge);
    this.#acknowledge = this.#options.timers.set(() => {
      this.#options.post({ kind: "ack", list: next.list, sequence: next.sequence });
    }, 0);
    this.#load();
  }

  #load(): void {
    const { list } = this.#state;
    if (!list || this.#busy) return;
    const [first, end] = this.#window;
    for (const start of missingPages(list, first - AHEAD, end + AHEAD, PAGE)) {
      if (this.#loading.has(start)) continue;
      this.#loading.add(start);
      const count = Math.min(PAGE, list.rows.length - start);
      this.#requests.ask("page", { list: list.list, start, count }).then(
        (page) => {
          if (this.#state.list?.list !== list.list) return;
          this.#loading.delete(start);
          const next = withPage(this.#state.list, page);
          if (next) this.#update({ list: near(next, ...this.#window) });
          this.#load();
        },
        () => {
          if (this.#state.list?.list === list.list && !this.#busy) this.open();
        },
      );
    }
  }

  #failed(error: unknown): void {
    if (!(error instanceof RequestFailed)) throw error;
    if (error.code === "superseded") return;
    this.#update({ connection: "broken", problem: error.message });
  }

  /** Something came: the other end lives. Opens the list anew where nothing comes for long. */
  #heard(): void {
    const { timers } = this.#options;
    timers.clear(this.#watch);
    this.#watch = timers.set(() => {
      this.#update({ connection: "connecting" });
      this.open();
    }, silence);
    if (this.#state.connection === "connecting" && this.#state.list) this.#update({ connection: "live" });
  }

  #update(changes: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#options.changed(this.#state);
  }
}
