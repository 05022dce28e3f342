/** A sample as a group was drawn with it: the demonstrations in front of it, and the gold calls that were in force. */
import type { Replacement } from "../../../schemas/replacement.ts";
import type { Sample, ToolCall } from "../../../schemas/samples.ts";
import type { ShownDemonstration } from "../../../server/prompts/promptRenderer.ts";
import type { StoredEdit } from "../../../server/store/curriculumRows.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import type { StoredDraw } from "../../../server/store/sampleReader.ts";
import { parseExactJson } from "../../../server/toolcalls/json.ts";
import { isReplacement } from "../../../server/toolcalls/replacements.ts";
import { shownBy } from "../../../server/training/curriculum/curriculum.ts";
import { type RunFacts, sampleOf } from "./runFacts.ts";

export interface DrawnSample {
  draw: StoredDraw | undefined;
  edit: StoredEdit | undefined;
  /** As its file has it, with the gold calls in force; undefined where the file is not known. */
  sample: Sample | undefined;
  /** Whether an edit corrected the gold calls. */
  corrected: boolean;
  /** Undefined where they are those of the sample itself. */
  demonstrations: ShownDemonstration[] | undefined;
}

export function drawnSample(facts: RunFacts, group: StoredGroup): DrawnSample {
  const { samples } = facts.store;
  const draw = samples.draw(group);
  const edit = draw && draw.edit !== null ? samples.edit(draw.edit) : undefined;
  const replacement = edit && replacementIn(edit);
  const known = sampleOf(facts, group);
  const gold: readonly ToolCall[] | undefined = replacement?.action === "fixGold" ? replacement.gold : undefined;
  return {
    draw,
    edit,
    sample: known && gold ? { ...known, answer: [...gold] } : known,
    corrected: gold !== undefined,
    demonstrations: demonstrationsOf(facts, group, draw, replacement),
  };
}

/** What the file said when the edit was taken over. */
export function replacementIn({ text }: Pick<StoredEdit, "text">): Replacement | undefined {
  if (text === null) return undefined;
  try {
    const value = parseExactJson(text);
    return isReplacement(value) ? value : undefined;
  } catch {
    return undefined; // an edit that was refused may be no JSON at all
  }
}

function demonstrationsOf(
  { store }: RunFacts,
  { sample }: StoredGroup,
  draw: StoredDraw | undefined,
  replacement: Replacement | undefined,
): ShownDemonstration[] | undefined {
  if (draw?.version === "few-shot") return store.samples.demonstrations(sample, draw);
  if (draw?.version === "edited" && replacement?.action === "fewshot") return shownBy(replacement);
  return undefined;
}
