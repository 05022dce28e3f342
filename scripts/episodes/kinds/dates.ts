/** Questions about days. */
import { BEST, type Drawn, type QuestionKind, type Stage, use } from "../question.ts";
import { type Day, day, daysBetween, daysOfMonth, written } from "../values.ts";
import { answerOf, differenceStage } from "./arithmetic.ts";
import { lookUpStage } from "./lookUps.ts";

const YEARS = { first: 2026, last: 2027 } as const;

/** Within a month the days can be subtracted too. */
function daysStage(from: Day, to: Day): Stage {
  const [first, last] = [written(from), written(to)];
  const { uses } = differenceStage(to.day, from.day);
  const alike = from.year === to.year && from.month === to.month;
  return {
    thought: `I need the days from ${first} to ${last}.`,
    uses: [
      use(BEST, "calendar", { from: first, to: last }),
      ...(alike
        ? uses.filter(({ call }) => call.name !== "ledger").map((each) => ({ ...each, score: each.score - 1 }))
        : []),
    ],
  };
}

const spanOf = (from: Day, to: Day, free: string[]): Drawn => ({
  said: { from: written(from), to: written(to) },
  stages: [daysStage(from, to)],
  ...answerOf(daysBetween(from, to), "days"),
  reasoned: true,
  free,
});

const phrasings = [
  "How many days are it from {from} to {to}?",
  "How many days lie between {from} and {to}?",
  "Count the days from {from} to {to}.",
  "It is {from}. How many days until {to}?",
];
const heldOut = ["From {from} to {to}, how many days are it?", "How many days until {to} when it is {from}?"];

const within: QuestionKind = {
  name: "days in a month",
  share: 0.11,
  phrasings,
  heldOut,
  draw: (random, part) => {
    const [from, to] = daysOfMonth(random, part, YEARS);
    return spanOf(
      from,
      to,
      [from, to].map((each) => `date=${written(each)}`),
    );
  },
};

const across: QuestionKind = {
  name: "days across months",
  share: 0.06,
  phrasings,
  heldOut,
  draw: (random, part) => {
    const year = random.integer(YEARS.first, YEARS.last);
    const from = day(part, () => ({ year, month: random.integer(1, 6), day: random.integer(1, 28) }));
    const to = day(part, () => ({ year, month: random.integer(7, 12), day: random.integer(1, 28) }));
    return spanOf(from.value, to.value, [...from.free, ...to.free]);
  },
};

const since: QuestionKind = {
  name: "days since a start",
  share: 0.05,
  phrasings: [
    "How many days are it from the start of {name} to {to}?",
    "How many days after the start of {name} is {to}?",
    "Count the days from the start of {name} to {to}.",
  ],
  heldOut: [
    "From the start of {name} to {to}, how many days are it?",
    "{to} is how many days after the start of {name}?",
  ],
  draw: (random, part, rows) => {
    const { name, start } = rows.person(random);
    const to = day(part, () => ({
      year: YEARS.first,
      month: random.integer(1, 12),
      day: random.integer(1, 28),
    }));
    const [year = 0, month = 0, date = 0] = start.split("-").map(Number);
    const from = { year, month, day: date };
    return {
      said: { name, to: written(to.value) },
      stages: [lookUpStage(name, "start"), daysStage(from, to.value)],
      ...answerOf(daysBetween(from, to.value), "days"),
      reasoned: false,
      free: [`row=${name}`, ...to.free],
    };
  },
};

export const dates: readonly QuestionKind[] = [within, across, since];
