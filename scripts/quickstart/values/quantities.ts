/** Numbers, amounts, identifiers, dates and times. */
import type { Random } from "../random.ts";
import { drawUntil, type Kind, kindOf, plain } from "./kind.ts";

const text = { type: "string" } as const;
const two = (value: number): string => String(value).padStart(2, "0");

/** A small number of things: a closed set, which all parts share. */
export const count = (low: number, high: number): Kind =>
  plain({ type: "integer" }, (random) => {
    const value = random.integer(low, high);
    return { said: String(value), value };
  });

const drawId = (random: Random): number => random.integer(1000, 9999);

/** A four-digit identifier, written as an integer. */
export const idNumber = plain({ type: "integer" }, (random, part) =>
  drawUntil(part, "id", () => drawId(random), String),
);

/** An identifier whose written form carries a prefix nobody mentions. */
export const idWithPrefix = (code: string, word: string): Kind =>
  kindOf({
    schema: text,
    draw: (random, part) => drawUntil(part, "id", () => drawId(random), String),
    variants: {
      bare: (id) => String(id),
      hash: (id) => `#${id}`,
      dash: (id) => `${code}-${id}`,
      joined: (id) => `${code}${id}`,
      word: (id) => `${word}:${id}`,
    },
  });

export const socketNumber = plain({ type: "integer" }, (random, part) =>
  drawUntil(part, "socket", () => random.integer(100, 999), String),
);

export const year = plain({ type: "integer" }, (random, part) =>
  drawUntil(part, "year", () => random.integer(1981, 2030), String),
);

/** Whole or half units, as a JSON number. */
export const weight = plain({ type: "number" }, (random, part) =>
  drawUntil(part, "weight", () => random.integer(1, 80) / 2, String),
);

/** Whole or half units of a currency, as a JSON number. */
export const money = plain({ type: "number" }, (random, part) =>
  drawUntil(part, "money", () => random.integer(20, 1999) / 2, String),
);

/** An amount said with two decimals and written as text. */
export const amountText = kindOf({
  schema: text,
  draw: (random, part) =>
    drawUntil(
      part,
      "amount",
      () => `${random.integer(2, 480)}.${two(random.integer(1, 99))}`,
      (said) => said,
    ),
  variants: {
    point: (said) => said,
    comma: (said) => said.replace(".", ","),
    cents: (said) => said.replace(".", ""),
    money: (said) => `$${said}`,
  },
});

export const percent = kindOf({
  schema: text,
  draw: (random, part) => {
    const drawn = drawUntil(part, "percent", () => random.integer(5, 95), String);
    return { ...drawn, said: `${drawn.said} percent` };
  },
  variants: {
    sign: (value) => `${value}%`,
    bare: (value) => String(value),
    fraction: (value) => `0.${two(value)}`,
    word: (value) => `${value}pct`,
  },
});

export const phone = kindOf({
  schema: text,
  draw: (random, part) =>
    drawUntil(
      part,
      "phone",
      () => `${random.integer(201, 989)} ${random.integer(1000, 9999)}`,
      (said) => said,
    ),
  variants: {
    dash: (said) => said.replace(" ", "-"),
    joined: (said) => said.replace(" ", ""),
    country: (said) => `+1-${said.replace(" ", "-")}`,
    bracket: (said) => `(${said.replace(" ", ") ")}`,
  },
});

const MONTHS = "January February March April May June July August September October November December".split(" ");

interface Day {
  year: number;
  month: number;
  day: number;
}

const isoDay = ({ year, month, day }: Day): string => `${year}-${two(month)}-${two(day)}`;

/** A day, said as `5 March 2026` or `March 5, 2026`. */
export const date = kindOf({
  schema: text,
  draw: (random, part) => {
    const propose = (): Day => ({
      year: random.integer(2026, 2027),
      month: random.integer(1, 12),
      day: random.integer(1, 28),
    });
    const { value, free } = drawUntil(part, "date", propose, isoDay);
    const month = MONTHS[value.month - 1] as string;
    const said = random.chance(0.5) ? `${value.day} ${month} ${value.year}` : `${month} ${value.day}, ${value.year}`;
    return { said, value, free: free ?? [] };
  },
  variants: {
    iso: isoDay,
    dotted: ({ year, month, day }) => `${two(day)}.${two(month)}.${year}`,
    compact: ({ year, month, day }) => `${year}${two(month)}${two(day)}`,
    slash: ({ year, month, day }) => `${two(month)}/${two(day)}/${year}`,
    short: ({ month, day }) => `${(MONTHS[month - 1] as string).slice(0, 3)} ${day}`,
  },
});

interface Clock {
  hour: number;
  minute: number;
}

const drawClock = (random: Random): Clock => ({ hour: random.integer(6, 22), minute: 5 * random.integer(0, 11) });
const colon = ({ hour, minute }: Clock): string => `${two(hour)}:${two(minute)}`;

/** A time of day, said as `14:30`. */
export const time = kindOf({
  schema: text,
  draw: (random, part) => drawUntil(part, "time", () => drawClock(random), colon),
  variants: {
    colon,
    bare: ({ hour, minute }) => `${two(hour)}${two(minute)}`,
    letter: ({ hour, minute }) => `${two(hour)}h${two(minute)}`,
    twelve: ({ hour, minute }) => `${((hour + 11) % 12) + 1}:${two(minute)}${hour < 12 ? "am" : "pm"}`,
  },
});

/** A time of day written as it is said. */
export const clock = plain(text, (random, part) => {
  const drawn = drawUntil(part, "time", () => drawClock(random), colon);
  return { ...drawn, value: drawn.said };
});
