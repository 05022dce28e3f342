/** The eight tools of the episodes, as the catalog that a user reads. */

import { units } from "../../examples/episodes/world.mjs";
import type { Tool } from "../../schemas/tools.ts";

type Schema = { readonly [key: string]: unknown };

const text: Schema = { type: "string" };
const integer: Schema = { type: "integer" };
const oneOf = (...values: string[]): Schema => ({ type: "string", enum: values });

function tool(name: string, description: string, properties: Record<string, Schema>): Tool {
  const parameters = { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
  return { type: "function", function: { name, description, parameters } };
}

export const COLUMNS = ["price", "weight", "city", "desk", "start"] as const;

export const tools: readonly Tool[] = [
  tool("calculator", "Computes with two whole numbers", { a: integer, op: oneOf("+", "-", "*"), b: integer }),
  tool("spreadsheet", "Computes SUM(1,2) or PRODUCT(1,2) of whole numbers", { formula: text }),
  tool("ledger", "What is left of an amount", { received: integer, spent: integer }),
  tool("converter", "Converts units", {
    value: integer,
    from: oneOf(...Object.keys(units)),
    to: oneOf(...new Set(Object.values(units).flatMap((each) => Object.keys(each)))),
  }),
  tool("calendar", "Days between two days", { from: text, to: text }),
  tool("price_list", "What an item costs", { item: text }),
  tool("table", "One cell about an item or a person", { row: text, column: oneOf(...COLUMNS) }),
  tool("search", "All that is known about an item or a person", { about: text }),
];

export const catalog: ReadonlyMap<string, Tool> = new Map(tools.map((each) => [each.function.name, each]));
