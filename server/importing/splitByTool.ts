/**
 * A split in which the held-out rows are about tools that training never sees: no training row calls one, and none offers one
 * either, not even among the tools that do not matter.
 */
import { hash } from "node:crypto";
import type { Sample as Row } from "../../schemas/samples.ts";

export interface Split {
  train: Row[];
  heldOut: Row[];
  heldOutTools: string[];
  /** Rows of both worlds, which neither side may have. */
  mixed: Row[];
  /** Training rows that no longer offer a held-out tool that they did not call. */
  narrowed: number;
}

/**
 * @param families names that are to stay together: variants of one tool
 * @param fraction of the rows to hold out; what comes closest without cutting a family or tools that are called together
 * @param seed another one holds out other tools
 */
export function splitByTool(
  rows: readonly Row[],
  families: readonly (readonly string[])[],
  { fraction, seed }: { fraction: number; seed: number },
): Split {
  const groups = callGroups(rows, families);
  const heldOutTools = new Set(chooseGroups(rows, groups, fraction, seed).flat());
  const split: Split = { train: [], heldOut: [], heldOutTools: [...heldOutTools].sort(), mixed: [], narrowed: 0 };
  for (const row of rows) {
    const called = row.answer.map(({ name }) => name);
    const held = called.filter((name) => heldOutTools.has(name)).length;
    if (called.length === 0 ? isHeldOut(row, fraction, seed) : held === called.length) split.heldOut.push(row);
    else if (held > 0) split.mixed.push(row);
    else split.train.push(narrowed(row, heldOutTools, split));
  }
  return split;
}

function narrowed(row: Row, heldOut: ReadonlySet<string>, split: Split): Row {
  const tools = row.tools.filter((tool) => !heldOut.has(tool));
  if (tools.length === row.tools.length) return row;
  split.narrowed++;
  return { ...row, tools };
}

/** Sets of tools that are called together somewhere, directly or through others, or are of one family. */
function callGroups(rows: readonly Row[], families: readonly (readonly string[])[]): string[][] {
  const parent = new Map<string, string>();
  const root = (name: string): string => {
    let top = name;
    for (let up = parent.get(top); up !== undefined && up !== top; up = parent.get(top)) top = up;
    parent.set(name, top);
    return top;
  };
  const join = (names: readonly string[]): void => {
    for (const name of names) parent.set(root(name), root(names[0] ?? name));
  };
  for (const { answer } of rows) join(answer.map(({ name }) => name));
  for (const family of families) join(family.filter((name) => parent.has(name)));
  return [...Map.groupBy(parent.keys(), root).values()];
}

/** Groups in an order that the seed decides, as long as they bring the held-out rows closer to the fraction. */
function chooseGroups(rows: readonly Row[], groups: string[][], fraction: number, seed: number): string[][] {
  const groupOf = new Map(groups.flatMap((group, index) => group.map((name): [string, number] => [name, index])));
  const counts = groups.map(() => 0);
  let calling = 0;
  for (const { answer } of rows) {
    const index = groupOf.get(answer[0]?.name ?? "");
    if (index === undefined) continue;
    calling++;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const wanted = fraction * calling;
  const order = groups.map((group, index) => ({ group, count: counts[index] ?? 0, key: shuffled(group.join(), seed) }));
  let taken = 0;
  return order
    .sort((left, right) => (left.key < right.key ? -1 : 1))
    .filter(({ count }) => {
      if (Math.abs(taken + count - wanted) >= Math.abs(taken - wanted)) return false;
      taken += count;
      return true;
    })
    .map(({ group }) => group);
}

const shuffled = (text: string, seed: number): string => hash("sha256", `${seed}:${text}`);

/** Rows that call nothing are dealt out by their question. */
const isHeldOut = ({ query }: Row, fraction: number, seed: number): boolean =>
  Number.parseInt(shuffled(query, seed).slice(0, 8), 16) / 2 ** 32 < fraction;
