/** Numbers and days of questions: each belongs to one part of the data, unless it is so small that it must come up again. */
import { type Part, partOf } from "../quickstart/partition.ts";
import type { Random } from "../quickstart/random.ts";
import { drawUntil } from "../quickstart/values/kind.ts";

/** Numbers up to this are a closed set, which all parts share. */
const SMALL = 12;

export interface Value<V> {
  value: V;
  free: string[];
}

/** A whole number above SMALL. */
export function number(random: Random, part: Part, low: number, high: number): Value<number> {
  const { value, free = [] } = drawUntil(part, "number", () => random.integer(low, high), String);
  return { value, free };
}

/** Uniform among 2 … SMALL. */
export const few = (random: Random): number => random.integer(2, SMALL);

export interface Day {
  year: number;
  month: number;
  day: number;
}

const two = (value: number): string => String(value).padStart(2, "0");
export const isoDay = (year: number, month: number, day: number): string => `${year}-${two(month)}-${two(day)}`;
export const written = ({ year, month, day }: Day): string => isoDay(year, month, day);

/** A day that `propose` gives and the part may use. */
export function day(part: Part, propose: () => Day): Value<Day> {
  const { value, free = [] } = drawUntil(part, "date", propose, written);
  return { value, free };
}

/** Two days of one month, the later one in its second half. */
export function daysOfMonth(random: Random, part: Part, years: { first: number; last: number }): [Day, Day] {
  for (;;) {
    const [year, month] = [random.integer(years.first, years.last), random.integer(1, 12)];
    const own = Array.from({ length: 28 }, (_, index) => ({ year, month, day: index + 1 })).filter(
      (each) => partOf("date", written(each)) === part,
    );
    const early = own.filter((each) => each.day < 15);
    const late = own.filter((each) => each.day >= 15);
    // Of a month a part may have no day in one of the halves.
    if (early.length > 0 && late.length > 0) return [random.pick(early), random.pick(late)];
  }
}

/** Days from one to the other. */
export const daysBetween = (from: Day, to: Day): number =>
  (Date.UTC(to.year, to.month - 1, to.day) - Date.UTC(from.year, from.month - 1, from.day)) / 86_400_000;
