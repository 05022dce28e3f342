/** Which part of a drawn prompt is what. The store has the prompt's text alone, so its parts are found with the run's own template. */
import { InputError } from "../../../schemas/problem.ts";
import type { GroupDetail, PromptMark } from "../../../schemas/rolloutView.ts";
import { promptParts } from "../../../server/prompts/promptParts.ts";
import { queriesOf } from "../../../server/prompts/promptRenderer.ts";
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
  try {
    if (!model) throw new InputError("the record of the run cannot be read");
    return { marks: toMarks(model.renderer.parts(text, sample, shown)), note: null };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // The questions are found without a template; the tools, of which a template writes what it likes, are not.
    const parts = promptParts(text, text, queriesOf(sample, shown));
    const why = plain(error.message, 300).replace(/\.$/, "");
    return { marks: toMarks(parts), note: `Where the tools stand in the prompt is not known: ${why}.` };
  }
}

function toMarks(parts: ReturnType<typeof promptParts>): PromptMark[] {
  let at = 0;
  const marks = parts.map(({ kind, demonstration, text }): PromptMark => {
    const from = at;
    at += text.length;
    return { kind, from, to: at, ...(demonstration !== undefined && { demonstration }) };
  });
  const last = marks[most - 1];
  return marks.length > most && last ? [...marks.slice(0, most - 1), { ...last, to: at }] : marks;
}
