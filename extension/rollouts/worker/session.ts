/**
 * One view's conversation about one run (schemas/rolloutView.ts): answers its requests from the store, and tells what
 * changes in the list that it looks at. Knows neither the editor nor threads.
 */
import { isDeepStrictEqual } from "node:util";
import {
  EVERYTHING,
  groupOf,
  type HostMessage,
  isViewMessage,
  type ListQuery,
  MOST_ROWS,
  MOST_UNACKNOWLEDGED,
  type RunHeader,
  type ViewParams,
  type ViewRequest,
  type ViewResult,
  type WorkerMessage,
} from "../../../schemas/rolloutView.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import { sentenceOf } from "../../stores/storeReaders.ts";
import { Refused } from "../../views/refused.ts";
import { DetailAnswers } from "./detailAnswers.ts";
import type { ListSplice } from "./groupList.ts";
import { ListFilter } from "./listFilter.ts";
import { OpenedList } from "./openedList.ts";
import { wants } from "./ordering.ts";
import { type Refreshed, RunOnDisk } from "./runOnDisk.ts";
import { Searching } from "./searching.ts";

/** Milliseconds. */
const whileIdle = 200;
const whileBusy = 33;
const whileBroken = 1000;
const betweenSummaries = 250;
const betweenAlives = 1000;
const betweenHeaders = 500;
const leastOftenHeader = 5000;

type Opened = ViewResult<"open">;

export class ViewSession implements Disposable {
  readonly #run: RunOnDisk;
  readonly #details: DetailAnswers;
  readonly #post: (message: HostMessage) => void;
  readonly #searching: Searching;
  #list: OpenedList | undefined;
  #lists = 0;
  #problem: string | undefined;
  #visible = true;
  #timer: NodeJS.Timeout | undefined;
  #last = { summary: 0, alive: 0, look: 0, header: 0, text: "", states: "" };

  /** @param post sends a message to the view; it may be lost on the way */
  constructor(runDir: string, post: (message: HostMessage) => void) {
    this.#run = new RunOnDisk(runDir);
    this.#details = new DetailAnswers(this.#run);
    this.#post = post;
    this.#searching = new Searching({
      found: (groups) => this.#tellFound(groups),
      failed: (error) => this.#failed(error),
    });
  }

  /** Takes a message of the view, whatever it is. */
  receive(message: unknown): void {
    if (!isViewMessage(message)) {
      const id = (message as { id?: unknown } | null)?.id;
      if (typeof id === "number" && Number.isInteger(id) && id > 0) {
        this.#post({ kind: "refusal", id, code: "defect", message: "The view asked for something that is not known." });
      }
    } else if (message.kind === "request") void this.#answer(message);
    else if (message.kind === "ack" || message.kind === "search") this.#hear(message);
  }

  #hear(message: Exclude<WorkerMessage, ViewRequest>): void {
    const list = this.#list;
    if (!list || message.list !== list.number) return;
    if (message.kind === "search") this.#searching.setStopped(!message.on);
    else if (message.sequence <= list.sequence) list.acknowledged = Math.max(list.acknowledged, message.sequence);
  }

  /** A view that nobody sees is told nothing; it opens its list anew when it is seen again. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#schedule(0);
    else clearTimeout(this.#timer);
    this.#searching.setVisible(visible);
  }

  [Symbol.dispose](): void {
    this.#visible = false;
    clearTimeout(this.#timer);
    this.#searching[Symbol.dispose]();
    this.#list = undefined;
    this.#details[Symbol.dispose]();
    this.#run[Symbol.dispose]();
  }

  async #answer(request: ViewRequest): Promise<void> {
    const { id } = request;
    try {
      switch (request.method) {
        case "open":
          await this.#open(id, request.params);
          return this.#schedule(whileBusy);
        case "page":
          return this.#page(id, request.params);
        default:
          this.#catchUp();
          return this.#post(this.#details.answer(request));
      }
    } catch (error) {
      if (error instanceof Refused) this.#post({ kind: "refusal", id, code: error.code, message: error.message });
      else this.#post({ kind: "refusal", id, code: "store", message: this.#broken(error) });
      this.#schedule(whileIdle);
    }
  }

  async #open(id: number, { query, follow, count, around }: ViewParams<"open">): Promise<void> {
    const number = ++this.#lists;
    const current = () => number === this.#lists;
    this.#list = undefined;
    if (this.#problem !== undefined) this.#run.forget();
    this.#run.readSamples(false);
    const isEverything = around === null && isDeepStrictEqual(query, EVERYTHING);
    const first = isEverything && !this.#run.isRead ? this.#firstRows(count) : undefined;
    if (first) this.#answerOpen(id, { list: number, ...first });
    this.#refresh();
    const header = this.#run.header();
    const { revision } = this.#run.index;
    const filter = await ListFilter.make(query, this.#run, current);
    if (!filter || !current()) throw new Refused("superseded", "A newer list was opened.");
    // Groups that were written while the filter read the others.
    if (this.#run.index.revision > revision) {
      for (const group of this.#run.index.values()) if (group.revision > revision) filter.look(group);
    }
    this.#problem = undefined;
    this.#searching.begin(query, this.#run);
    const wanted = this.#wanted(query, filter);
    const opened = new OpenedList({
      ...{ number, query, follow, filter, wanted },
      groups: this.#run.index.values(),
      row: (group, rollout) => this.#run.row(group, rollout),
    });
    this.#list = opened;

    const anchor = around && this.#run.index.get(groupOf(around));
    const at = around && anchor ? opened.placeOf(anchor, around) : null;
    const { total } = opened;
    const start = at === null ? 0 : Math.max(0, Math.min(at - (count >> 1), total - count));
    this.#statesOf(header);
    const rows = opened.rows(start, count);
    if (!first) {
      this.#answerOpen(id, { list: number, total, start, rows, at, header, search: this.#searching.state });
      // Something was written between the answer and the reading of the whole.
    } else if (total !== first.total || !isDeepStrictEqual(rows, first.rows)) this.#lapse();
  }

  #answerOpen(id: number, result: Opened): void {
    this.#last.text = JSON.stringify(result.header);
    this.#post({ kind: "reply", id, method: "open", result });
  }

  /** What a list of everything begins with, before all groups have been read, which takes longer the longer the run was. */
  #firstRows(count: number): Omit<Opened, "list"> | undefined {
    const first = this.#run.firstLook(count);
    if (!first) return undefined;
    const header = { ...this.#run.header(), ...first.sizes };
    const rows = first.groups.map((group) => this.#run.row(group));
    return { total: first.sizes.groups, start: 0, rows, at: null, header, search: null };
  }

  #page(id: number, { list, start, count }: ViewParams<"page">): void {
    const opened = this.#list;
    if (!opened || opened.number !== list) throw new Refused("superseded", "A newer list was opened.");
    const { sequence } = opened;
    const rows = opened.rows(start, count);
    this.#post({ kind: "reply", id, method: "page", result: { list, sequence, start, rows } });
  }

  /** A person who looks at a group sees it as it is now, with its gold calls. */
  #catchUp(): void {
    const changes = this.#refresh();
    if (changes) this.#tell(changes);
    if (this.#run.readSamples(true)) this.#lapse();
  }

  /** Reads what is new, and has the search hear of it. */
  #refresh(): Refreshed | undefined {
    const changes = this.#run.refresh();
    if (changes?.anew) this.#searching.end();
    else if (changes && !this.#searching.follow(changes)) this.#lapse();
    return changes;
  }

  #tellFound(found: readonly StoredGroup[]): void {
    const list = this.#list;
    if (!list) return;
    const waiting = list.groups.waiting;
    const splices = list.groups.found(found.filter(list.wanted));
    if (splices.length > 0 || waiting !== list.groups.waiting) this.#tellSplices(list, splices, 0);
    this.#tellSearch(list);
  }

  #tellSearch({ number }: OpenedList): void {
    const { state } = this.#searching;
    if (state) this.#post({ kind: "search", list: number, search: state });
  }

  #wanted(query: ListQuery, filter: ListFilter): (group: StoredGroup) => boolean {
    const { text, within, tool } = query;
    const mentions = within === "anywhere" ? this.#run.mentions(text) : () => false;
    return (group) =>
      wants(query, group, tool === "" ? [] : this.#run.tools(group)) &&
      filter.wants(group) &&
      (text === "" || this.#searching.has(group) || mentions(group));
  }

  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#visible) this.#timer = setTimeout(() => this.#poll(), milliseconds);
  }

  #poll(): void {
    try {
      if (this.#lists === 0 && this.#run.readAhead()) {
        this.#schedule(0);
        return;
      }
      const changes = this.#refresh();
      if (this.#problem !== undefined) this.#mended();
      if (changes) this.#tell(changes);
      // Before there is a list somebody waits for its first rows, so only what they need is read.
      if (this.#run.readSamples(this.#list !== undefined)) this.#lapse();
      this.#keepInTouch();
      this.#schedule(changes ? whileBusy : whileIdle);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#post({ kind: "problem", message: this.#broken(error) });
    this.#schedule(whileBroken);
  }

  #broken(error: unknown): string {
    this.#searching.end();
    this.#run.forget();
    if (this.#list) this.#list.lapsed = true;
    this.#problem = sentenceOf(error, this.#run.dir);
    return this.#problem;
  }

  /** Whether the curriculum has looked at the samples again: a list of those in some state is then another. */
  #statesOf({ hardRows, rounds }: RunHeader): boolean {
    const states = JSON.stringify([hardRows, rounds]);
    const changed = this.#last.states !== "" && this.#last.states !== states;
    this.#last.states = states;
    return changed;
  }

  #mended(): void {
    this.#problem = undefined;
    this.#lapse();
  }

  /** Ends the list: the view opens it anew. */
  #lapse(): void {
    if (!this.#list) return;
    this.#list.lapsed = true;
    this.#last.summary = 0;
  }

  #tell(changes: Refreshed): void {
    const list = this.#list;
    if (!list) return;
    if (changes.anew) {
      this.#lapse();
      return;
    }
    for (const group of changes.added) list.filter.look(group);
    for (const { after } of changes.replaced) list.filter.look(after);
    const waiting = list.groups.waiting;
    const splices = list.groups.apply(changes, list.wanted);
    if (splices.length > 0 || waiting !== list.groups.waiting) this.#tellSplices(list, splices, changes.added.length);
  }

  #tellSplices(list: OpenedList, splices: readonly ListSplice[], added: number): void {
    if (list.lapsed) return;
    const told = list.told(splices);
    const rows = told.reduce((sum, splice) => sum + 1 + splice.rows.length, 0);
    if (rows > MOST_ROWS || list.sequence - list.acknowledged >= MOST_UNACKNOWLEDGED) {
      this.#lapse();
      return;
    }
    this.#post({
      kind: "delta",
      list: list.number,
      sequence: ++list.sequence,
      total: list.total,
      waiting: list.groups.waiting,
      added,
      splices: told,
    });
  }

  /** What may be lost is said again. */
  #keepInTouch(): void {
    const list = this.#list;
    if (!list) return;
    const now = Date.now();
    const { number, sequence } = list;
    if (list.lapsed) {
      if (now - this.#last.summary < betweenSummaries && this.#last.summary > 0) return;
      this.#last.summary = now;
      this.#post({ kind: "summary", list: number, total: list.total });
      return;
    }
    if (now - this.#last.look >= betweenHeaders) {
      this.#last.look = now;
      const header = this.#run.header();
      const text = JSON.stringify(header);
      if (list.query.state !== "any" && this.#statesOf(header)) this.#lapse();
      if (text !== this.#last.text || now - this.#last.header > leastOftenHeader) {
        this.#post({ kind: "header", header });
        this.#last.header = now;
        this.#last.text = text;
      }
    }
    if (now - this.#last.alive >= betweenAlives) {
      this.#last.alive = now;
      this.#post({ kind: "alive", list: number, sequence });
      this.#tellSearch(list);
    }
  }
}
