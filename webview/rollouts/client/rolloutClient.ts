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
import { ListConversation, PAGE } from "../../list/listConversation.ts";
import type { Connection } from "../../words/runStates.ts";
import { type ListState, near, opened, withDelta, withPage } from "./listState.ts";

/** Rows beyond those looked at that an opening asks for. */
const SPARE = 20;

type Opened = ViewResult<"open">;
type Page = ViewResult<"page">;

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
  readonly #lists: ListConversation<GroupKey, Opened, Page>;
  #state: ViewState;
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
    this.#lists = new ListConversation<GroupKey, Opened, Page>(
      {
        timers: options.timers,
        askToOpen: (seen, around) => this.#askToOpen(seen, around),
        askForPage: (list, start, count) => this.#requests.ask("page", { list, start, count }),
        current: () => this.#state.list,
        opened: (answer) => this.#opened(answer),
        paged: (page) => this.#paged(page),
        failed: (error) => this.#failed(error),
        silent: () => this.#update({ connection: "connecting" }),
      },
      options.around,
    );
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
    this.#lists.anchorWith(around);
  }

  setQuery(query: ListQuery): void {
    this.#update({ query, follow: true });
    this.#lists.openOther(null);
  }

  /** Following, new groups take their place; otherwise they wait. */
  setFollow(follow: boolean): void {
    if (follow === this.#state.follow) return;
    this.#update({ follow });
    this.#lists.open(follow ? null : undefined);
  }

  /** Stops the search for the query's text where it is, or goes on with it. */
  search(on: boolean): void {
    const { list } = this.#state;
    if (list) this.#options.post({ kind: "search", list: list.list, on });
  }

  /** Opens the list anew from the store. Of several openings the last one counts. */
  open(): void {
    this.#lists.open();
  }

  /** Tells which rows are looked at; those that are missing are asked for. */
  look(first: number, end: number): void {
    this.#lists.look(first, end);
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
    this.#lists.dispose();
    this.#options.timers.clear(this.#acknowledge);
  }

  #askToOpen(seen: number, around: GroupKey | null): Promise<Opened> {
    const { query, follow } = this.#state;
    const count = Math.min(MOST_ROWS, Math.max(PAGE, seen + SPARE));
    return this.#requests.ask("open", { query, follow, count, around: follow ? null : around });
  }

  #opened(answer: Opened): void {
    const { openings, follow } = this.#state;
    const { header, at } = answer;
    this.#update({
      connection: "live",
      problem: undefined,
      header,
      list: opened(answer),
      openings: openings + 1,
      at: follow ? 0 : at,
      ...this.#arrival(answer.rows[0]),
    });
  }

  #paged(page: Page): void {
    const { list } = this.#state;
    const next = list && withPage(list, page);
    if (next) this.#update({ list: near(next, ...this.#lists.window) });
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
    if (this.#lists.isOpening) return;
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
    this.#update({ list: near(next, ...this.#lists.window), added: this.#state.added + delta.added });
    // Told once the view has drawn it, so that a view that is slow is known to be.
    this.#options.timers.clear(this.#acknowledge);
    this.#acknowledge = this.#options.timers.set(() => {
      this.#options.post({ kind: "ack", list: next.list, sequence: next.sequence });
    }, 0);
    this.#lists.load();
  }

  #failed(error: unknown): void {
    if (!(error instanceof RequestFailed)) throw error;
    if (error.code === "superseded") return;
    this.#update({ connection: "broken", problem: error.message });
  }

  /** Something came: the other end lives. */
  #heard(): void {
    this.#lists.heard();
    if (this.#state.connection === "connecting" && this.#state.list) this.#update({ connection: "live" });
  }

  #update(changes: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#options.changed(this.#state);
  }
}
