/** Which files the language server looks at, by their names: those of ours, and those that the setting `toolexpander.files` adds. */
import { rootedGlob } from "../../server/language/rootedGlob.ts";

export const ourPatterns: readonly string[] = [
  "**/*.tools.json",
  "**/*.{demos,samples}.{json,jsonl}",
  "**/*.{questions,results,trajectories}.jsonl",
  "**/{experiment,*.experiment}.json",
  "**/replacements/*.replacement.json",
  // The names under which the Berkeley leaderboard publishes its questions and answers.
  "**/BFCL_v*.json",
];

const mostPatterns = 100;

/**
 * The globs of the setting, as a document filter takes them: one that does not say where it begins holds in every folder.
 * What is no glob is left out.
 */
export function addedPatterns(setting: unknown): string[] {
  if (!Array.isArray(setting)) return [];
  const globs = setting.filter((glob: unknown) => typeof glob === "string" && glob.trim() !== "").map(String);
  return [...new Set(globs.map(rootedGlob))].slice(0, mostPatterns);
}
