/** Which tools the completions of a group called: as a function inside SQLite, so that one statement counts a group. */
import type { DatabaseSync } from "node:sqlite";
import { parseCompletion } from "../toolcalls/completion.ts";

/** Names that no catalog can hold (schemas/tools.ts) are a model's invention of any length, and are left out. */
const possibleName = /^[A-Za-z0-9_.-]{1,64}$/;
const mostNames = 32;

/** Names in the order in which they were first called, without repetition. */
export function calledTools(completions: readonly string[]): string[] {
  const names = new Set<string>();
  for (const completion of completions) {
    for (const { name } of parseCompletion(completion).calls) {
      if (names.size < mostNames && possibleName.test(name)) names.add(name);
    }
  }
  return [...names];
}

/** Adds `called_tools(json array of completions)`, which gives a JSON array of names. */
export function addCalledTools(database: DatabaseSync): void {
  database.function("called_tools", { deterministic: true }, (completions) =>
    JSON.stringify(calledTools(JSON.parse(String(completions)) as string[])),
  );
}
