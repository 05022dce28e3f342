/**
 * Where questions take the goods and people from that they ask for. Those of the world belong to training or to held-out questions; the
 * warm-up has a table of its own for every question, of names and numbers that are made up, so that a policy learns to look up.
 */
import { type Good, goods, type Person, people, type Tables } from "../../examples/episodes/world.mjs";
import { hash, type Random } from "../quickstart/random.ts";
import { capitalized, coin } from "../quickstart/values/coined.ts";
import { cities } from "../quickstart/values/wordLists.ts";
import { isoDay } from "./values.ts";

export interface RowSupply {
  good(random: Random): Good;
  person(random: Random): Person;
  /** The rows that were drawn, for the tools to answer from. */
  tables(): Tables;
}

const OTHERS = ["train", "heldOut"] as const;

/** Questions of which part a row of the world may come up in. */
export const rowPart = (name: string): (typeof OTHERS)[number] => (hash(`row=${name}`) % 5 < 2 ? "heldOut" : "train");

export function worldRows(part: (typeof OTHERS)[number]): RowSupply {
  const own = <R extends { name: string }>(rows: readonly R[]) => rows.filter(({ name }) => rowPart(name) === part);
  const [ownGoods, ownPeople] = [own(goods), own(people)];
  return {
    good: (random) => random.pick(ownGoods),
    person: (random) => random.pick(ownPeople),
    tables: () => ({ goods, people }),
  };
}

const known = new Set([...goods, ...people].map(({ name }) => name));

/** A word that names nothing in the world. */
function coinedName(random: Random, spelled: (word: string) => string): string {
  for (;;) {
    const name = spelled(coin(random, "warmup"));
    if (!known.has(name)) return name;
  }
}

/** A new supply for each question. */
export function madeUpRows(): RowSupply {
  const drawn: { goods: Good[]; people: Person[] } = { goods: [], people: [] };
  const kept = <R>(rows: R[], row: R): R => {
    rows.push(row);
    return row;
  };
  return {
    good: (random) =>
      kept(drawn.goods, {
        name: coinedName(random, (word) => word),
        price: random.integer(5, 350),
        weight: random.integer(1, 50),
      }),
    person: (random) =>
      kept(drawn.people, {
        name: coinedName(random, capitalized),
        city: random.chance(0.5) ? random.pick(cities) : capitalized(coin(random, "warmup")),
        desk: random.integer(11, 99),
        start: isoDay(random.integer(2024, 2025), random.integer(1, 12), random.integer(1, 28)),
      }),
    tables: () => drawn,
  };
}
