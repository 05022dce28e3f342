/** Numbers of a chart as they are written at its axis and in its legend. */
import type { NumberKind } from "./chart.ts";
import type { Told } from "./plotted.ts";

const minus = (text: string): string => text.replaceAll("-", "−");

/** As people write it: no exponent where there is room without one. */
function written(value: number, digits: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e6)) return minus(value.toExponential(digits - 2)).replace("e+", "e");
  return minus(Number.isInteger(value) ? String(value) : value.toPrecision(digits));
}

/** Without the zeros at its end. */
function short(value: number, digits: number): string {
  const text = written(value, digits);
  return text.includes("e") ? text : minus(String(Number(value.toPrecision(digits))));
}

/** A value at the cursor. */
export function valueText(value: number, kind: NumberKind): string {
  switch (kind) {
    case "share":
      return minus(`${(100 * value).toFixed(1)} %`);
    case "count":
      return Number.isInteger(value) ? value.toLocaleString("en-US") : value.toFixed(1);
    case "rate":
      return Math.round(value).toLocaleString("en-US");
    case "number":
    case "small":
      return written(value, 4);
  }
}

/** A value with the interval that it has. */
export function toldText({ value, interval }: Told, kind: NumberKind): string {
  const text = valueText(value, kind);
  return interval === undefined ? text : `${text} (${interval.map((bound) => valueText(bound, kind)).join(" to ")})`;
}

/** A tick; ticks are round numbers already. */
export function tickText(value: number, kind: NumberKind): string {
  if (kind === "share") return minus(`${Number((100 * value).toPrecision(4))} %`);
  if (kind === "rate" || kind === "count")
    return Math.abs(value) >= 10_000 ? `${short(value / 1000, 4)}k` : short(value, 6);
  return short(value, 3);
}
