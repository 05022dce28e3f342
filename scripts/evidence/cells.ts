/** What stands in the cells of the pages of sweeps. */
import type { Spread } from "../../server/training/sweep/comparison.ts";
import type { Interval } from "../../server/training/sweep/interval.ts";
import type { Finding } from "./claims.ts";

export function spreadText(spread: Spread | null, digits: number, scale = 1): string {
  if (spread === null) return "";
  return `${(scale * spread.mean).toFixed(digits)} ± ${(scale * spread.deviation).toFixed(digits)}`;
}

export const intervalText = (interval: Interval | null, digits = 1): string =>
  interval === null
    ? ""
    : `${signed(interval.mean, digits)} (${signed(interval.low, digits)} to ${signed(interval.high, digits)})`;

const signed = (value: number, digits: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

export const verdictText = ({ verdict }: Finding): string => (verdict === "undetermined" ? verdict : `**${verdict}**`);
