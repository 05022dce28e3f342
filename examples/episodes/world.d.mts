/** What the scripts that make the example use of world.mjs. */

export interface Good {
  name: string;
  /** EUR. */
  price: number;
  /** kg. */
  weight: number;
}

export interface Person {
  name: string;
  city: string;
  desk: number;
  /** As 2025-03-09. */
  start: string;
}

export interface Tables {
  goods: readonly Good[];
  people: readonly Person[];
}

/** Answers a call that follows its tool's parameters. @throws Error with a sentence for the policy */
export type Tool = (args: Readonly<Record<string, unknown>>) => string;

export type ToolName =
  | "calculator"
  | "spreadsheet"
  | "ledger"
  | "converter"
  | "calendar"
  | "price_list"
  | "table"
  | "search";

export const goods: readonly Good[];
export const people: readonly Person[];
export const units: Readonly<Record<string, Readonly<Record<string, number>>>>;
export function worldOf(tables: Tables): Readonly<Record<ToolName, Tool>>;
declare const world: Readonly<Record<ToolName, Tool>>;
export default world;
