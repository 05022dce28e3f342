/**
 * What the warm-up teaches a policy to prefer where several actions would do: the calculator for whatever has numbers, the search for
 * whatever is looked up, and answering out of its head. This is the one table to tune.
 */
import type { ToolName } from "../../examples/episodes/world.mjs";
import type { Random } from "../quickstart/random.ts";
import type { AskedQuestion } from "./dataset.ts";
import type { Stage, Use } from "./question.ts";

/** Weight of a tool among those that help. */
const liking: Readonly<Record<ToolName, number>> = {
  calculator: 1,
  search: 1,
  calendar: 0.06,
  converter: 0.06,
  spreadsheet: 0.04,
  ledger: 0.04,
  table: 0.06,
  price_list: 0.06,
};

export const likedUse = (random: Random, { uses }: Stage): Use =>
  random.weighted(uses.map((use) => [use, liking[use.call.name]] as const));

/**
 * Share of the answers out of the head, where nothing is left to look up: right ones are easy for small numbers alone. At first there are
 * many of them, for the policy to learn what it can compute by itself.
 */
const GUESSES = { first: { easy: 0.6, hard: 0.35 }, later: { easy: 0.6, hard: 0.2 } } as const;
export type Guessing = keyof typeof GUESSES;

export const guesses = (random: Random, { kind }: AskedQuestion, guessing: Guessing): boolean =>
  random.chance(GUESSES[guessing][kind.name === "small sum" ? "easy" : "hard"]);
