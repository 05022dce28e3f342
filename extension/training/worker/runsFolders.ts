/** Which folders runs are looked for in. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "jsonc-parser";
import { homesOf, liesWithin } from "../../../server/toolcalls/project.ts";
import type { Sources } from "../messages.ts";

/** Where an experiment puts its runs unless it says otherwise (schemas/experiment.ts). */
const DEFAULT = "runs";

/** The folders that experiments name, and those that records were found in. Experiments that cannot be read, or name one that they may not, have the default one. */
export async function runsFolders({ experiments, records }: Sources): Promise<string[]> {
  const named = await Promise.all(experiments.map(async (file) => resolve(dirname(file), await runsOf(file))));
  const found = records.map((record) => dirname(dirname(record)));
  return [...new Set([...named, ...found])].sort();
}

async function runsOf(file: string): Promise<string> {
  try {
    const value: unknown = parse(await readFile(file, "utf8"));
    const runs = typeof value === "object" && value !== null && "runs" in value ? value.runs : undefined;
    if (typeof runs !== "string" || runs === "") return DEFAULT;
    // Looked at before anybody trusts it: a run would be refused there too.
    return liesWithin(homesOf(file), resolve(dirname(file), runs)) ? runs : DEFAULT;
  } catch {
    return DEFAULT;
  }
}
