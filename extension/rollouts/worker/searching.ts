/** The search of a view: in slices, between which the session answers; kept while lists come and go, as long as they ask for the same text. */
import type { ListQuery, SearchState } from "../../../schemas/rolloutView.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import type { GroupChanges } from "./groupIndex.ts";
import type { RunOnDisk } from "./runOnDisk.ts";
import { TextSearch } from "./textSearch.ts";

/** Milliseconds of a slice. */
const slice = 12;
/** The first answer waits this long for hits. */
const atOnce = 60;
const betweenFinds = 100;

/** Groups that are looked at one by one when they are written; a search begins anew where they are more. */
const mostLooked = 500;

export interface SearchListener {
  /** Groups that were not found before; may be none, where only the state is new. */
  found(groups: StoredGroup[]): void;
  failed(error: unknown): void;
}

export class Searching implements Disposable {
  readonly #listener: SearchListener;
  #search: TextSearch | undefined;
  /** Found and not yet told. */
  #fresh: StoredGroup[] = [];
  #next: NodeJS.Immediate | undefined;
  #toldAt = 0;
  #seen = true;

  constructor(listener: SearchListener) {
    this.#listener = listener;
  }

  /** Null where nothing is searched for. */
  get state(): SearchState | null {
    return this.#search?.state ?? null;
  }

  has(group: StoredGroup): boolean {
    return this.#search?.found.has(group) === true;
  }

  /** Begins to look for the query's text, or goes on where it is being looked for. */
  begin({ text, within }: ListQuery, { store, index }: Pick<RunOnDisk, "store" | "index">): void {
    if (text === "" || !store) this.#search = undefined;
    else if (!this.#search?.answers({ text, within })) {
      this.#search = new TextSearch(store.texts, { text, within }, (at) => index.get(at));
      this.#search.advance(performance.now() + atOnce);
    }
    this.#fresh = [];
    this.#goOn();
  }

  /** Hears of what was written. @returns false where that is too much: then it has to begin anew */
  follow({ added, replaced, removed }: GroupChanges): boolean {
    const search = this.#search;
    if (!search) return true;
    if (added.length + replaced.length > mostLooked) {
      this.end();
      return false;
    }
    for (const group of removed) search.forget(group);
    for (const { before, after } of replaced) {
      search.forget(before);
      search.look(after);
    }
    for (const group of added) search.look(group);
    return true;
  }

  setStopped(stopped: boolean): void {
    this.#search?.setStopped(stopped);
    this.#goOn();
    if (this.#search) this.#tell(this.#search);
  }

  /** Rests while nobody sees the view. */
  setVisible(visible: boolean): void {
    this.#seen = visible;
    this.#goOn();
  }

  end(): void {
    this.#search = undefined;
    this.#fresh = [];
    clearImmediate(this.#next);
  }

  [Symbol.dispose](): void {
    this.end();
  }

  #goOn(): void {
    clearImmediate(this.#next);
    if (this.#seen && this.#search?.going) this.#next = setImmediate(() => this.#advance());
  }

  #advance(): void {
    const search = this.#search;
    if (!search) return;
    try {
      for (const group of search.advance(performance.now() + slice)) this.#fresh.push(group);
      if (!search.going || Date.now() - this.#toldAt >= betweenFinds) this.#tell(search);
      this.#goOn();
    } catch (error) {
      this.#listener.failed(error);
    }
  }

  #tell(search: TextSearch): void {
    this.#toldAt = Date.now();
    // What was replaced since it was found has been looked at again.
    const found = this.#fresh.filter((group) => search.found.has(group));
    this.#fresh = [];
    this.#listener.found(found);
  }
}
