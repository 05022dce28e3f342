/**
 * One view's conversation about one run (schemas/rolloutView.ts): answers its requests from the store, and tells what
 * changes in the list that it looks at. Knows neither the editor nor threads.
 */
import {
  groupOf,
  type HostMessage,
  isViewMessage,
  keyOf,
  type ListQuery,
  MOST_ROWS,
  MOST_UNACKNOWLEDGED,
  type RunHeader,
  type ViewParams,
  type ViewRequest,
} from "../../../schemas/rolloutView.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import { DetailAnswers, Refused } from "./detailAnswers.ts";
import { GroupList } from "./groupList.ts";
import { ListFilter } from "./listFilter.ts";
import { sentenceOf } from "./openStore.ts";
import { orderOf, wants } from "./ordering.ts";
import { type RolloutRow, RolloutRows } from "./rolloutRows.ts";
import { type Refreshed, RunOnDisk } from "./runOnDisk.ts";
import { searchCompletions } from "./textSearch.ts";

/** Milliseconds. */
const whileIdle = 200;
const whileBusy = 33;
const whileBroken = 1000;
const betweenSummaries = 250;
const betweenAlives = 1000;
const betweenHeaders = 500;
const leastOftenHeader = 5000;

interface OpenedList {
  number: number;
  query: ListQuery;
  groups: GroupList;
  filter: ListFilter;
  /** Where rows are completions. */
  rollouts: RolloutRows<StoredGroup> | undefined;
  /** Keys of groups with a completion that holds the query's text. */
  found: Set<string>;
  sequence: number;
  acknowledged: number;
  /** The view is behind and gets no more deltas of this list. */
  lapsed: boolean;
}

const totalOf = ({ groups, rollouts }: OpenedList): number => rollouts?.total ?? groups.groups.length;

export class ViewSession implements Disposable {
  readonly #run: RunOnDisk;
  readonly #details: DetailAnswers;
  readonly #post: (message: HostMessage) => void;
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
  }

  /** Takes a message of the view, whatever it is. */
  receive(message: unknown): void {
    if (!isViewMessage(message)) {
      const id = (message as { id?: unknown } | null)?.id;
      if (typeof id === "number" && Number.isInteger(id) && id > 0) {
        this.#post({ kind: "refusal", id, code: "defect", message: "The view asked for something that is not known." });
      }
    } else if (message.kind === "request") void this.#answer(message);
    else if (message.kind === "ack" && message.list === this.#list?.number && message.sequence <= this.#list.sequence) {
      this.#list.acknowledged = Math.max(this.#list.acknowledged, message.sequence);
    }
  }

  /** A view that nobody sees is told nothing; it opens its list anew when it is seen again. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#schedule(0);
    else clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    this.#visible = false;
    clearTimeout(this.#timer);
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
    this.#run.refresh();
    this.#run.readSamples(false);
    const header = this.#run.header();
    const filter = await ListFilter.make(query, this.#run, current);
    const found = filter && (await this.#search(query.text, current));
    if (!found || !current()) throw new Refused("superseded", "A newer list was opened.");
    this.#problem = undefined;
    const wanted = [...this.#run.index.values()].filter((group) => this.#wanted({ query, found, filter }, group));
    const groups = new GroupList(wanted, orderOf(query.sort), follow);
    const rollouts =
      query.rows === "rollouts"
        ? new RolloutRows(groups.groups, (group: StoredGroup) => filter.rolloutsOf(group))
        : undefined;
    this.#list = { number, query, groups, filter, rollouts, found, sequence: 0, acknowledged: 0, lapsed: false };

    const anchor = around && this.#run.index.get(groupOf(around));
    const place = anchor ? groups.placeOf(anchor) : null;
    const at = place !== null && rollouts ? rollouts.placeOf(place, around?.rollout) : place;
    const total = totalOf(this.#list);
    const start = at === null ? 0 : Math.max(0, Math.min(at - (count >> 1), total - count));
    this.#last.text = JSON.stringify(header);
    this.#statesOf(header);
    const rows = this.#rows(start, count);
    this.#post({ kind: "reply", id, method: "open", result: { list: number, total, start, rows, at, header } });
  }

  #page(id: number, { list, start, count }: ViewParams<"page">): void {
    const opened = this.#list;
    if (!opened || opened.number !== list) throw new Refused("superseded", "A newer list was opened.");
    const { sequence } = opened;
    const rows = this.#rows(start, count);
    this.#post({ kind: "reply", id, method: "page", result: { list, sequence, start, rows } });
  }

  /** A person who looks at a group sees it as it is now, with its gold calls. */
  #catchUp(): void {
    const changes = this.#run.refresh();
    if (changes) this.#tell(changes);
    if (this.#run.readSamples(true)) this.#lapse();
  }

  /** Groups written while the search went on are looked at one by one when it has ended. */
  async #search(text: string, current: () => boolean): Promise<Set<string> | undefined> {
    const { store } = this.#run;
    if (text === "" || !store) return new Set();
    const before = new Set(this.#run.index.values());
    const found = await searchCompletions(store.groups, text, () => current() && this.#run.store === store);
    if (!found) return undefined;
    this.#run.refresh();
    for (const group of this.#run.index.values()) if (!before.has(group)) this.#look(text, group, found);
    return found;
  }

  #look(text: string, group: StoredGroup, found: Set<string>): void {
    if (this.#run.store?.groups.completionMatches(text, group)) found.add(keyOf(group));
    else found.delete(keyOf(group));
  }

  #wanted({ query, found, filter }: Pick<OpenedList, "query" | "found" | "filter">, group: StoredGroup): boolean {
    if (!wants(query, group, query.tool === "" ? [] : this.#run.tools(group))) return false;
    if (!filter.wants(group)) return false;
    return query.text === "" || found.has(keyOf(group)) || this.#run.mentions(group, query.text.toLowerCase());
  }

  #rows(start: number, count: number) {
    const { rollouts, groups } = this.#list ?? {};
    if (rollouts) return this.#shown(rollouts.rows(start, count));
    return (groups?.groups ?? []).slice(start, start + count).map((group) => this.#run.row(group));
  }

  #shown(rows: readonly RolloutRow<StoredGroup>[]) {
    return rows.map(({ group, rollout }) => this.#run.row(group, rollout));
  }

  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#visible) this.#timer = setTimeout(() => this.#poll(), milliseconds);
  }

  #poll(): void {
    try {
      const changes = this.#run.refresh();
      if (this.#problem !== undefined) this.#mended();
      if (changes) this.#tell(changes);
      if (this.#run.readSamples(true)) this.#lapse();
      this.#keepInTouch();
      this.#schedule(changes ? whileBusy : whileIdle);
    } catch (error) {
      this.#post({ kind: "problem", message: this.#broken(error) });
      this.#schedule(whileBroken);
    }
  }

  #broken(error: unknown): string {
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
    const { text } = list.query;
    const written = [...changes.added, ...changes.replaced.map(({ after }) => after)];
    for (const group of written) {
      if (text !== "") this.#look(text, group, list.found);
      list.filter.look(group);
    }
    const waiting = list.groups.waiting;
    const ofGroups = list.groups.apply(changes, (group) => this.#wanted(list, group));
    const splices = list.rollouts
      ? list.rollouts.apply(ofGroups)
      : ofGroups.map(({ groups, ...where }) => ({
          ...where,
          rows: groups.map((group) => ({ group, rollout: undefined })),
        }));
    if (list.lapsed || (splices.length === 0 && waiting === list.groups.waiting)) return;
    const told = splices.reduce((sum, { rows }) => sum + rows.length, 0);
    if (told > MOST_ROWS || list.sequence - list.acknowledged >= MOST_UNACKNOWLEDGED) {
      this.#lapse();
      return;
    }
    this.#post({
      kind: "delta",
      list: list.number,
      sequence: ++list.sequence,
      total: totalOf(list),
      waiting: list.groups.waiting,
      added: changes.added.length,
      splices: splices.map(({ at, removed, rows }) => ({ at, removed, rows: this.#shown(rows) })),
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
      this.#post({ kind: "summary", list: number, total: totalOf(list) });
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
    }
  }
}
