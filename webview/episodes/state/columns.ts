/** Columns of the list of episodes, in the order in which they stand. */
import type { EpisodeSort } from "../../../schemas/episodesView.ts";

export type EpisodeColumn = "step" | "sample" | "category" | "tools" | "outcomes" | "turns" | "return";

interface ColumnFacts {
  id: EpisodeColumn;
  text: string;
  /** Orders that a click on its head goes through. */
  orders: readonly EpisodeSort[];
}

const COLUMNS: readonly ColumnFacts[] = [
  { id: "step", text: "step", orders: ["newest", "oldest"] },
  { id: "outcomes", text: "outcome", orders: ["wrongFirst", "correctFirst"] },
  { id: "sample", text: "question", orders: ["question"] },
  { id: "category", text: "category", orders: ["category"] },
  { id: "tools", text: "tools", orders: [] },
  { id: "turns", text: "turns", orders: ["turnsDown", "turnsUp"] },
  { id: "return", text: "return", orders: ["returnDown", "returnUp"] },
];

const DESCENDING: ReadonlySet<EpisodeSort> = new Set(["newest", "correctFirst", "turnsDown", "returnDown"]);

/** @param ofFile all of a file's episodes are of one time */
export const columnsOf = (ofFile: boolean): readonly ColumnFacts[] =>
  COLUMNS.filter(({ id }) => !ofFile || id !== "step");

/** How the list is ordered by a column, for a screen reader; undefined where it is not. */
export function sortedBy({ orders }: ColumnFacts, sort: EpisodeSort): "ascending" | "descending" | undefined {
  if (!orders.includes(sort)) return undefined;
  return DESCENDING.has(sort) ? "descending" : "ascending";
}

/** The order that a click on a column's head gives; undefined where it has none. */
export const nextOrder = ({ orders }: ColumnFacts, sort: EpisodeSort): EpisodeSort | undefined =>
  orders[(orders.indexOf(sort) + 1) % Math.max(1, orders.length)];
