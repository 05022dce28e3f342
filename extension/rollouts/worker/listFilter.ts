/**
 * What a query asks of a group beyond what stands in its row: the state of its sample, how it was put, the parts of its
 * rewards, its round. Whatever takes a look into the store is looked up once, when the list is opened, and again for groups
 * that are written later.
 */
import { setImmediate as turn } from "node:timers/promises";
import { type GroupKey, keyOf, type ListQuery } from "../../../schemas/rolloutView.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import type { ListReader } from "../../../server/store/listReader.ts";
import type { StoredDraw } from "../../../server/store/sampleReader.ts";
import type { OpenStore } from "./openStore.ts";
import type { StoreSummary } from "./runHeader.ts";

/** Rows that are read before the worker looks at its messages again. */
const atOnce = 20_000;

/** What a filter needs of the run. */
export interface FilterSource {
  store: OpenStore | undefined;
  stored: Pick<StoreSummary, "rounds" | "states">;
}

export class ListFilter {
  readonly #query: ListQuery;
  readonly #source: FilterSource;
  /** Keys of groups that were put as is wanted; undefined where nothing is asked. */
  #put: Set<string> | undefined;
  /** Rollouts with the wanted part, by the key of their group. */
  #parts: Map<string, Set<number>> | undefined;
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
    const { store } = source;
    if (query.put !== "any") filter.#put = new Set(store?.lists.drawn(versionsOf(query.put)).map(keyOf));
    if (query.part) {
      filter.#parts = new Map();
      for await (const found of store ? partsIn(store.lists, query.part) : []) {
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
      if (version !== undefined && versionsOf(put).includes(version)) this.#put.add(keyOf(group));
      else this.#put.delete(keyOf(group));
    }
    if (this.#parts && part) this.#parts.set(keyOf(group), new Set(store.lists.withPartIn(group, part)));
  }

  wants(group: StoredGroup): boolean {
    const { variance, state } = this.#query;
    return (
      (this.#steps === undefined || inRounds(group, this.#steps)) &&
      (variance === "any" || hasVariance(group) === (variance === "some")) &&
      (state === "any" ||
        (group.phase !== "evaluation" && isIn(state, this.#source.stored.states.get(group.sample)))) &&
      (this.#put === undefined || this.#put.has(keyOf(group))) &&
      (this.#parts === undefined || (this.#parts.get(keyOf(group))?.size ?? 0) > 0)
    );
  }

  /** Of a group that is wanted, the completions that are: where rows are completions. */
  rolloutsOf(group: StoredGroup): number[] {
    const wanted = this.#parts?.get(keyOf(group));
    const letter = letters[this.#query.outcome];
    return [...group.marks].flatMap((mark, rollout) =>
      (letter === undefined || letter === mark) && (wanted === undefined || wanted.has(rollout)) ? [rollout] : [],
    );
  }

  #found(rollouts: readonly (GroupKey & { rollout: number })[]): void {
    for (const { step, phase, group, rollout } of rollouts) {
      const key = keyOf({ step, phase, group });
      const known = this.#parts?.get(key);
      if (known) known.add(rollout);
      else this.#parts?.set(key, new Set([rollout]));
    }
  }
}

async function* partsIn(reader: ListReader, part: NonNullable<ListQuery["part"]>) {
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
