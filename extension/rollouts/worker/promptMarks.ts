/** Which part of a drawn prompt is what. The store has the prompt's text alone, so its parts are found with the run's own template. */
import { InputError } from "../../../schemas/problem.ts";
import type { GroupDetail, PromptMark } from "../../../schemas/rolloutView.ts";
import type { Sample } from "../../../schemas/samples.ts";
import { type PromptPart, promptParts } from "../../../server/prompts/promptParts.ts";
import { queriesOf, type ShownDemonstration } from "../../../server/prompts/promptRenderer.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import type { DrawnSample } from "./drawnSample.ts";
import type { ModelFiles } from "./modelFiles.ts";

/** Parts of a prompt that are told apart; a prompt of more demonstrations ends in one part. */
const most = 1000;

export function promptMarks(
  text: string,
  { sample, demonstrations }: DrawnSample,
  model: ModelFiles | undefined,
): Pick<GroupDetail, "marks" | "note"> {
  if (!sample) return { marks: [], note: "Without its sample the parts of the prompt cannot be told apart." };
  const shown = demonstrations ?? sample.demonstrations ?? [];
  const found = partsOrWhy(text, sample, shown, model);
  if (typeof found !== "string") return { marks: toMarks(found), note: null };
  // The questions are found without a template; the tools, of which a template writes what it likes, are not.
  const parts = promptParts(text, text, queriesOf(sample, shown));
  return { marks: toMarks(parts), note: `Where the tools stand in the prompt is not known: ${found}.` };
}

/** The parts, or without a full stop why they cannot be told. */
function partsOrWhy(
  text: string,
  sample: Sample,
  shown: readonly ShownDemonstration[],
  model: ModelFiles | undefined,
): PromptPart[] | string {
  if (!model) return "the record of the run cannot be read";
  try {
    const parts = model.renderer.partsOf(text, sample, shown);
    return parts ?? "it is not what the tools and the chat template make of the sample today";
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return plain(error.message, 300).replace(/\.$/, "");
  }
}

function toMarks(parts: readonly PromptPart[]): PromptMark[] {
  let at = 0;
  const marks = parts.map(({ kind, demonstration, text }): PromptMark => {
    const from = at;
    at += text.length;
    return { kind, from, to: at, ...(demonstration !== undefined && { demonstration }) };
  });
  const last = marks[most - 1];
  return marks.length > most && last ? [...marks.slice(0, most - 1), { ...last, to: at }] : marks;
}
