/** Questions about what only the tools know. */
import type { COLUMNS } from "../catalog.ts";
import { BEST, GOOD, type QuestionKind, ROUNDABOUT, type Stage, use } from "../question.ts";
import { few } from "../values.ts";
import { answerOf, productStage, unitStage } from "./arithmetic.ts";

export function lookUpStage(row: string, column: (typeof COLUMNS)[number]): Stage {
  const general = use(column === "price" ? GOOD : BEST, "table", { row, column });
  const search = use(ROUNDABOUT, "search", { about: row });
  return {
    thought: `I need the ${column} of ${row}.`,
    uses: column === "price" ? [use(BEST, "price_list", { item: row }), general, search] : [general, search],
  };
}

const price: QuestionKind = {
  name: "price",
  share: 0.11,
  phrasings: [
    "What is the price of a {name}?",
    "How much does a {name} cost?",
    "Tell me the price of the {name}.",
    "I want to buy a {name}. How much is it?",
  ],
  heldOut: [
    "How much is the price of a {name}?",
    "I want a {name}. What does it cost?",
    "Which price has the {name}?",
    "I want to buy the {name}. What is the price?",
  ],
  draw: (random, _part, rows) => {
    const { name, price: cost } = rows.good(random);
    return {
      said: { name },
      stages: [lookUpStage(name, "price")],
      ...answerOf(cost, "EUR"),
      reasoned: false,
      free: [`row=${name}`],
    };
  },
};

const weight: QuestionKind = {
  name: "weight",
  share: 0.04,
  phrasings: ["What is the weight of a {name}?", "How much does a {name} weigh?", "Tell me the weight of the {name}."],
  heldOut: ["How much is the weight of a {name}?"],
  draw: (random, _part, rows) => {
    const { name, weight: mass } = rows.good(random);
    return {
      said: { name },
      stages: [lookUpStage(name, "weight")],
      ...answerOf(mass, "kg"),
      reasoned: false,
      free: [`row=${name}`],
    };
  },
};

const person: QuestionKind = {
  name: "person",
  share: 0.05,
  phrasings: ["What is the {column} of {name}?", "Tell me the {column} of {name}.", "Which {column} has {name}?"],
  heldOut: ["{name} has which {column}?", "I want the {column} of {name}."],
  draw: (random, _part, rows) => {
    const { name, city, desk } = rows.person(random);
    const column = random.pick(["city", "desk"] as const);
    return {
      said: { name, column },
      stages: [lookUpStage(name, column)],
      answer: String({ city, desk }[column]),
      reasoned: false,
      free: [`row=${name}`],
    };
  },
};

const total: QuestionKind = {
  name: "price of several",
  share: 0.09,
  phrasings: [
    "How much do {count} of the {name} cost?",
    "What is the price of {count} of the {name}?",
    "I want to buy {count} of the {name}. How much is it?",
  ],
  heldOut: ["How much is the price of {count} of the {name}?", "I want {count} of the {name}. What do they cost?"],
  draw: (random, _part, rows) => {
    const { name, price: cost } = rows.good(random);
    const count = few(random);
    return {
      said: { name, count },
      stages: [lookUpStage(name, "price"), productStage(cost, count)],
      ...answerOf(cost * count, "EUR"),
      reasoned: false,
      free: [`row=${name}`],
    };
  },
};

const grams: QuestionKind = {
  name: "weight in g",
  share: 0.03,
  phrasings: [
    "What is the weight of a {name} in g?",
    "How many g does a {name} weigh?",
    "Tell me the weight of the {name} in g.",
  ],
  heldOut: ["How many g is the weight of a {name}?"],
  draw: (random, _part, rows) => {
    const { name, weight: mass } = rows.good(random);
    return {
      said: { name },
      stages: [lookUpStage(name, "weight"), unitStage(mass, "kg", "g")],
      ...answerOf(1000 * mass, "g"),
      reasoned: false,
      free: [`row=${name}`],
    };
  },
};

export const lookUps: readonly QuestionKind[] = [price, weight, person, total, grams];
