/** Questions about a query. */
import { EVERYTHING, type ListQuery, type SavedFilter } from "../../../schemas/rolloutView.ts";

const sameQuery = (one: ListQuery, other: ListQuery): boolean =>
  Object.keys(EVERYTHING).every((name) => valueIn(one, name) === valueIn(other, name));

const valueIn = (query: ListQuery, name: string): string =>
  JSON.stringify(Object.entries(query).find(([key]) => key === name)?.[1]);

/** Whether it leaves anything out. */
export const isFiltered = (query: ListQuery): boolean =>
  !sameQuery({ ...query, rows: EVERYTHING.rows, sort: EVERYTHING.sort }, EVERYTHING);

/** Filters that are set and stand in the part of the bar that may be folded; those with a chip are seen anyway. */
export function filtersBeside({ state, put, variance, part }: ListQuery): number {
  return [state !== "any", put !== "any", variance !== "any", part !== null].filter(Boolean).length;
}

/** The saved filter that the query is; of two that are the same the first. */
export const savedAs = (filters: readonly SavedFilter[], query: ListQuery): SavedFilter | undefined =>
  filters.find((filter) => sameQuery(filter.query, query));

/** Under a name that is taken the new filter stands in the place of the old one. */
export function withFilter(filters: readonly SavedFilter[], saved: SavedFilter): SavedFilter[] {
  const place = filters.findIndex(({ name }) => name === saved.name);
  return place === -1 ? [...filters, saved] : filters.with(place, saved);
}

/**
 * What a person typed as first and last; an empty field leaves its side open.
 *
 * @param limit the highest there is
 * @returns null where nothing is asked, a sentence where it cannot be meant
 */
export function rangeOf(first: string, last: string, limit: number): [number, number] | null | string {
  if (first.trim() === "" && last.trim() === "") return null;
  const [low, high] = [first.trim() === "" ? 0 : Number(first), last.trim() === "" ? limit : Number(last)];
  if (![low, high].every((one) => Number.isInteger(one) && one >= 0)) return "Whole numbers, from 0 on.";
  return low <= high ? [low, high] : "The first one lies behind the last one.";
}
