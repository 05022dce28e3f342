/** Questions that hold all their numbers. */
import { units } from "../../../examples/episodes/world.mjs";
import { BEST, type Drawn, GOOD, type QuestionKind, ROUNDABOUT, type Stage, use } from "../question.ts";
import { few, number } from "../values.ts";

function sumStage(a: number, b: number): Stage {
  return {
    thought: `I need ${a} + ${b}.`,
    uses: [use(BEST, "calculator", { a, op: "+", b }), use(GOOD, "spreadsheet", { formula: `SUM(${a},${b})` })],
  };
}

export function differenceStage(a: number, b: number): Stage {
  return {
    thought: `I need ${a} - ${b}.`,
    uses: [
      use(BEST, "calculator", { a, op: "-", b }),
      use(GOOD, "spreadsheet", { formula: `SUM(${a},${-b})` }),
      use(ROUNDABOUT, "ledger", { received: a, spent: b }),
    ],
  };
}

export function productStage(a: number, b: number): Stage {
  return {
    thought: `I need ${a} * ${b}.`,
    uses: [use(BEST, "calculator", { a, op: "*", b }), use(GOOD, "spreadsheet", { formula: `PRODUCT(${a},${b})` })],
  };
}

export function unitStage(value: number, from: string, to: string): Stage {
  const factor = units[from]?.[to];
  if (factor === undefined) throw new RangeError(`${from} are no ${to}`);
  const { uses } = productStage(value, factor);
  return {
    thought: `I need ${value} ${from} in ${to}.`,
    uses: [use(BEST, "converter", { value, from, to }), ...uses.map((each) => ({ ...each, score: each.score - 1 }))],
  };
}

const reasoned = (said: Drawn["said"], stage: Stage, answer: number, free: string[], unit?: string): Drawn => ({
  said,
  stages: [stage],
  ...answerOf(answer, unit),
  reasoned: true,
  free,
});

/** A number with its unit; the number alone is right too. */
export const answerOf = (answer: number, unit?: string): Pick<Drawn, "answer" | "accept"> =>
  unit === undefined ? { answer: String(answer) } : { answer: `${answer} ${unit}`, accept: [String(answer)] };

const small: QuestionKind = {
  name: "small sum",
  share: 0.08,
  phrasings: [
    "What is {a} plus {b}?",
    "Add {a} and {b}.",
    "How much are {a} and {b}?",
    "I have {a} and get {b} more. How many are they?",
  ],
  heldOut: ["{a} plus {b} is what?", "How many are {a} and {b} more?"],
  draw: (random) => {
    const [a, b] = [few(random), few(random)];
    return reasoned({ a, b }, sumStage(a, b), a + b, []);
  },
};

const sum: QuestionKind = {
  name: "sum",
  share: 0.08,
  phrasings: small.phrasings,
  heldOut: small.heldOut,
  draw: (random, part) => {
    const [a, b] = [number(random, part, 13, 999), number(random, part, 13, 999)];
    return reasoned({ a: a.value, b: b.value }, sumStage(a.value, b.value), a.value + b.value, [...a.free, ...b.free]);
  },
};

const difference: QuestionKind = {
  name: "difference",
  share: 0.12,
  phrasings: [
    "I got {a} and spent {b}. What is left?",
    "How much is left of {a} when {b} are spent?",
    "What is {a} minus {b}?",
    "Take {b} away from {a}.",
  ],
  heldOut: ["I had {a} and {b} are spent. How much is left?", "What is left of {a} minus {b}?"],
  draw: (random, part) => {
    const [a, b] = [number(random, part, 120, 999), number(random, part, 13, 119)];
    return reasoned({ a: a.value, b: b.value }, differenceStage(a.value, b.value), a.value - b.value, [
      ...a.free,
      ...b.free,
    ]);
  },
};

const unit: QuestionKind = {
  name: "units",
  share: 0.11,
  phrasings: [
    "How many {to} are {value} {from}?",
    "What are {value} {from} in {to}?",
    "Convert {value} {from} to {to}.",
    "I have {value} {from}. How many {to} is that?",
  ],
  heldOut: ["{value} {from} are how many {to}?", "Tell me what {value} {from} are in {to}."],
  draw: (random, part) => {
    const [from, targets] = random.pick(Object.entries(units));
    const to = random.pick(Object.keys(targets));
    const { value, free } = number(random, part, 13, 99);
    return reasoned({ value, from, to }, unitStage(value, from, to), value * (targets[to] as number), free, to);
  },
};

export const arithmetic: readonly QuestionKind[] = [small, sum, difference, unit];
