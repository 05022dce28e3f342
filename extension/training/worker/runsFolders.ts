/** Which folders runs are looked for in. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "jsonc-parser";
import type { Sources } from "../messages.ts";

/** Where an experiment puts its runs unless it says otherwise (schemas/experiment.ts). */
const DEFAULT = "runs";

/** The folders that experiments name, and those that records were found in. Experiments that cannot be read name the default one. */
export async function runsFolders({ experiments, records }: Sources): Promise<string[]> {
  const named = await Promise.all(experiments.map(async (file) => resolve(dirname(file), await runsOf(file))));
  const found = records.map((record) => dirname(dirname(record)));
  return [...new Set([...named, ...found])].sort();
}

async function runsOf(file: string): Promise<string> {
  try {
    const value: unknown = parse(await readFile(file, "utf8"));
    const runs = typeof value === "object" && value !== null && "runs" in value ? value.runs : undefined;
    return typeof runs === "string" && runs !== "" ? runs : DEFAULT;
  } catch {
    return DEFAULT;
  }
}
