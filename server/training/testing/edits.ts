/** Files of replacements/ for tests: an edit of a row, written as an editor writes it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sample, ToolCall } from "../../../schemas/samples.ts";
import { replacementFileName } from "../../toolcalls/replacementName.ts";
import { rowHash } from "../../toolcalls/rowHash.ts";

export interface EditChanges {
  scope?: "whileHard" | "always";
  row?: string;
}

export function fewShotEdit(
  sample: Sample,
  demonstrations: { query: string; calls: ToolCall[] }[],
  changes: EditChanges = {},
) {
  return { sample: sample.id, row: rowHash(sample), action: "fewshot", scope: "always", demonstrations, ...changes };
}

export function excludeEdit(sample: Sample, changes: EditChanges = {}) {
  return { sample: sample.id, row: rowHash(sample), action: "exclude", scope: "always", ...changes };
}

export function goldEdit(sample: Sample, gold: ToolCall[]) {
  return { sample: sample.id, row: rowHash(sample), action: "fixGold", scope: "always", gold };
}

/** Writes the file and returns its name. */
export function writeEdit(folder: string, edit: { sample: string }): string {
  const file = replacementFileName(edit.sample);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), JSON.stringify(edit));
  return file;
}
