/** What the files of experiments mean for one another: which tools their calls are of, and what each of them is there for. */
import { existsSync, globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FactIndex } from "../analysis/facts.ts";
import { type ExperimentLinks, filesWithCalls } from "./experiments.ts";
import type { ToolIndex } from "./toolIndex.ts";

export function linkExperiments(experiments: readonly ExperimentLinks[], index: ToolIndex, facts: FactIndex): void {
  for (const links of experiments) {
    const { file: experiment, tools, train, heldOut, demonstrations, replacements } = links;
    for (const file of filesWithCalls(links)) index.setExperiment(file, tools);
    for (const file of replacements) facts.setRole(file, "replacements", experiment);
    for (const file of tools) facts.setRole(file, "tools", experiment);
    if (demonstrations !== undefined) facts.setRole(demonstrations, "demonstrations", experiment);
    if (heldOut !== undefined) facts.setRole(heldOut, "held-out", experiment);
    if (train !== undefined) facts.setRole(train, "train", experiment);
  }
}

/** Training files of the hand edits among these. */
export function editedFiles(files: readonly string[], experiments: readonly ExperimentLinks[]): string[] {
  const near = new Set(files);
  const edited = experiments.filter(({ replacements }) => replacements.some((file) => near.has(file)));
  return [...new Set(edited.flatMap(({ train }) => train ?? []))].filter((file) => existsSync(file));
}

/**
 * Files that define what these ones call: catalogs of their experiments, catalogs beside files of no experiment, and the
 * questions of BFCL's answers.
 */
export function contextFiles(files: readonly string[], experiments: readonly ExperimentLinks[]): string[] {
  const near = new Set(files);
  const catalogs = experiments
    .filter((links) => filesWithCalls(links).some((file) => near.has(file)))
    .flatMap(({ tools }) => tools);
  const questions = files
    .filter((file) => basename(dirname(file)) === "possible_answer")
    .flatMap((file) => [
      join(dirname(file), "..", basename(file)),
      join(dirname(file), "..", "question", basename(file)),
    ]);
  const known = new Set(experiments.flatMap(filesWithCalls));
  const beside = new Set(files.filter((file) => !known.has(file)).map((file) => dirname(file)));
  const siblings = [...beside].flatMap((folder) =>
    globSync("*.tools.json", { cwd: folder }).map((name) => join(folder, name)),
  );
  return [...new Set([...catalogs, ...questions, ...siblings])].filter((file) => existsSync(file));
}
