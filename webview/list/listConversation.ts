/**
 * How a view comes by the rows of a list: it opens the list, asks for the pages that are missing where somebody looks, and opens it anew where
 * asking fails or nothing is heard for long. What a list is, and what becomes of the answers, is its client's.
 */
import type { Timers } from "../client/requests.ts";
import type { KnownRows } from "./knownRows.ts";
import { missingPages } from "./pages.ts";

/** Rows of a request. */
export const PAGE = 100;
/** Rows above and below those looked at that are asked for too, so that whoever scrolls finds them there. */
const AHEAD = 100;

/** Milliseconds. */
const RETRY_AFTER = 1500;
/** The other end says something every second; a busy machine may hold it up. */
const SILENCE = 6000;

export interface ListClient<Key, Opened, Page> {
  timers: Timers;
  /** @param seen rows that are looked at @param around a row that is to be among those of the answer; null for the beginning */
  askToOpen(seen: number, around: Key | null): Promise<Opened>;
  askForPage(list: number, start: number, count: number): Promise<Page>;
  /** The list that is open. */
  current(): { list: number; rows: KnownRows<unknown> } | undefined;
  opened(answer: Opened, around: Key | null): void;
  /** Of the list that is open. */
  paged(page: Page): void;
  /** Opening failed; it is tried again. */
  failed(error: unknown): void;
  /** Nothing was heard for long; the list is opened anew. */
  silent(): void;
}

export class ListConversation<Key, Opened, Page> {
  readonly #client: ListClient<Key, Opened, Page>;
  #opening = 0;
  #isOpening = false;
  readonly #loading = new Set<number>();
  #window: readonly [first: number, end: number] = [0, PAGE];
  #around: () => Key | null;
  #retry: unknown;
  #watch: unknown;

  /** @param around the row that the view was at when it was last seen */
  constructor(client: ListClient<Key, Opened, Page>, around: Key | null) {
    this.#client = client;
    this.#around = () => around;
  }

  /** What is told meanwhile will be in the list. */
  get isOpening(): boolean {
    return this.#isOpening;
  }

  /** The rows that are looked at, from the first to before the end. */
  get window(): readonly [first: number, end: number] {
    return this.#window;
  }

  /** Where to go on from when a list is opened anew; null for its beginning. Asked at each opening. */
  anchorWith(around: () => Key | null): void {
    this.#around = around;
  }

  /** Opens another list, looked at from its beginning. @param around a row that is to be seen in it */
  openOther(around: Key | null): void {
    this.#window = [0, PAGE];
    this.open(around);
  }

  /** Opens the list anew. Of several openings the last one counts. */
  open(from?: Key | null): void {
    const opening = ++this.#opening;
    const here = this.#around();
    const around = from === undefined ? here : from;
    const [first, end] = this.#window;
    const { timers } = this.#client;
    timers.clear(this.#retry);
    this.#isOpening = true;
    this.#client.askToOpen(end - first, around).then(
      (answer) => {
        if (opening !== this.#opening) return;
        this.#isOpening = false;
        this.#loading.clear();
        this.#client.opened(answer, around);
        this.load();
        this.heard();
      },
      (error: unknown) => {
        if (opening !== this.#opening) return;
        this.#isOpening = false;
        this.#client.failed(error);
        this.#retry = timers.set(() => this.open(around), RETRY_AFTER);
      },
    );
  }

  /** Tells which rows are looked at; those that are missing are asked for. */
  look(first: number, end: number): void {
    this.#window = [first, end];
    this.load();
  }

  /** Asks for what is missing where somebody looks. */
  load(): void {
    const current = this.#client.current();
    if (!current || this.#isOpening) return;
    const { list, rows } = current;
    const isOpen = (): boolean => this.#client.current()?.list === list;
    const [first, end] = this.#window;
    for (const start of missingPages(current, first - AHEAD, end + AHEAD, PAGE)) {
      if (this.#loading.has(start)) continue;
      this.#loading.add(start);
      this.#client.askForPage(list, start, Math.min(PAGE, rows.length - start)).then(
        (page) => {
          if (!isOpen()) return;
          this.#loading.delete(start);
          this.#client.paged(page);
          this.load();
        },
        () => {
          if (isOpen() && !this.#isOpening) this.open();
        },
      );
    }
  }

  /** Something came: the other end lives. */
  heard(): void {
    const { timers } = this.#client;
    timers.clear(this.#watch);
    this.#watch = timers.set(() => {
      this.#client.silent();
      this.open();
    }, SILENCE);
  }

  dispose(): void {
    this.#opening++;
    for (const timer of [this.#retry, this.#watch]) this.#client.timers.clear(timer);
  }
}
