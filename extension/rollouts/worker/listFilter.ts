/**
 * What a query asks of a group beyond what stands in its row: the state of its sample, how it was put, the parts of its
 * rewards, its round. Whatever takes a look into the store is looked up once, when the list is opened, and again for groups
 * that are written later.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { ListQuery } from "../../../schemas/rolloutView.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import type { FoundGroup, ListReader } from "../../../server/store/listReader.ts";
import type { StoredDraw } from "../../../server/store/sampleReader.ts";
import type { OpenStore } from "../../stores/openStore.ts";
import type { GroupIndex } from "./groupIndex.ts";
import type { StoreSummary } from "./runHeader.ts";

/** Rows that are read before the worker looks at its messages again. */
const atOnce = 20_000;

/** What a filter needs of the run. */
export interface FilterSource {
  store: OpenStore | undefined;
  stored: Pick<StoreSummary, "rounds" | "states">;
  index: Pick<GroupIndex, "get">;
}

export class ListFilter {
  readonly #query: ListQuery;
  readonly #source: FilterSource;
  /** Groups that were put as is wanted; undefined where nothing is asked. */
  #put: Set<StoredGroup> | undefined;
  /** By the revision of a group with the wanted part, the rollouts that have it: a list, since revisions are as dense as groups. */
  #parts: (readonly number[] | undefined)[] | undefined;
  readonly #steps: readonly [first: number, last: number] | undefined;

  private constructor(query: ListQuery, source: FilterSource) {
    this.#query = query;
    this.#source = source;
    this.#steps = query.rounds ? stepsOfRounds(query.rounds, source.stored.rounds) : undefined;
  }

  /**
   * @param current asked between slices of the work
   * @returns undefined once it is false
   */
  static async make(query: ListQuery, source: FilterSource, current: () => boolean): Promise<ListFilter | undefined> {
    const filter = new ListFilter(query, source);
    const { store, index } = source;
    if (query.put !== "any") {
      const drawn = store?.lists.drawn(versionsOf(query.put)) ?? [];
      filter.#put = new Set(drawn.map((at) => index.get(at)).filter((group) => group !== undefined));
    }
    if (query.part) {
      filter.#parts = [];
      for await (const found of store ? partsIn(store.lists, query.part, query.rows === "rollouts") : []) {
        if (!current()) return undefined;
        filter.#found(found);
      }
    }
    return filter;
  }

  /** Looks at a group that was written since. */
  look(group: StoredGroup): void {
    const { store } = this.#source;
    const { put, part } = this.#query;
    if (!store) return;
    if (this.#put) {
      const version = store.samples.draw(group)?.version;
      if (version !== undefined && versionsOf(put).includes(version)) this.#put.add(group);
    }
    if (this.#parts && part) {
      const rollouts = store.lists.withPartIn(group, part);
      if (rollouts.length > 0) this.#parts[group.revision] = rollouts;
    }
  }

  wants(group: StoredGroup): boolean {
    const { variance, state } = this.#query;
    return (
      (this.#steps === undefined || inRounds(group, this.#steps)) &&
      (variance === "any" || hasVariance(group) === (variance === "some")) &&
      (state === "any" ||
        (group.phase !== "evaluation" && isIn(state, this.#source.stored.states.get(group.sample)))) &&
      (this.#put === undefined || this.#put.has(group)) &&
      (this.#parts === undefined || this.#parts[group.revision] !== undefined)
    );
  }

  /** Of a group that is wanted, the completions that are: where rows are completions. */
  rolloutsOf(group: StoredGroup): readonly number[] {
    const wanted = this.#parts?.[group.revision];
    const letter = letters[this.#query.outcome];
    const all = wanted ?? upTo(group.marks.length);
    return letter === undefined ? all : all.filter((rollout) => group.marks[rollout] === letter);
  }

  #found(groups: readonly FoundGroup[]): void {
    const parts = this.#parts;
    if (!parts) return;
    for (const found of groups) {
      const group = this.#source.index.get(found);
      if (!group) continue;
      const known = parts[group.revision];
      parts[group.revision] = known ? [...known, ...found.rollouts] : found.rollouts;
    }
  }
}

/** 0, 1, … below the length: one list for all groups of a size. */
const countings: (readonly number[])[] = [];
function upTo(length: number): readonly number[] {
  countings[length] ??= Array.from({ length }, (_, number) => number);
  return countings[length];
}

/** Stores from before the parts of groups were kept are read rollout by rollout. */
async function* partsIn(reader: ListReader, part: NonNullable<ListQuery["part"]>, each: boolean) {
  if (reader.hasParts) {
    yield reader.groupsWithPart(part, each);
    return;
  }
  const last = reader.lastRow();
  for (let first = 1; first <= last; first += atOnce) {
    yield reader.withPart(part, first, Math.min(last, first + atOnce - 1));
    await turn();
  }
}

/** Outcomes that ask for some completion, as the store writes them. */
const letters: Partial<Record<ListQuery["outcome"], string>> = {
  correct: "c",
  wrong: "w",
  malformed: "m",
  truncated: "t",
};

function versionsOf(put: ListQuery["put"]): StoredDraw["version"][] {
  if (put === "any") return ["raw", "few-shot", "edited"];
  return put === "replaced" ? ["few-shot", "edited"] : [put];
}

/** @param found as the curriculum names it; absent where it says nothing */
function isIn(state: ListQuery["state"], found = ""): boolean {
  if (state === "hard") return found.startsWith("hard");
  return found === state || found === `hard-${state}`;
}

/** Rewards differ exactly where advantages do; groups that teach nothing have none. */
const hasVariance = ({ advantage }: StoredGroup): boolean | undefined =>
  advantage ? advantage[1] - advantage[0] > 1e-9 : undefined;

/** A probe after the last step of a round looks at what the round made. */
function inRounds({ step, phase }: StoredGroup, [first, last]: readonly [number, number]): boolean {
  return phase === "train" ? step >= first && step <= last : step >= first - 1 && step <= last;
}

/** A round begins behind the step that it names, and ends where the next one begins. */
function stepsOfRounds([first, last]: readonly [number, number], rounds: StoreSummary["rounds"]): [number, number] {
  const begin = rounds.find(({ round }) => round >= first);
  const next = rounds.find(({ round }) => round > last);
  if (!begin || begin.round > last) return [1, 0];
  return [begin.step + 1, next?.step ?? Number.POSITIVE_INFINITY];
}
