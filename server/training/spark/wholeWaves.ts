/** What there is of a file of trajectories already, as far as it can be gone on with. */
import { existsSync, readFileSync } from "node:fs";
import { InputError } from "../../../schemas/problem.ts";
import { SkippedQuestion, Trajectory, TrajectoryHeader, type TrajectoryLine } from "../../../schemas/trajectories.ts";
import { follows } from "../../toolcalls/check.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject, jsonIn, parseJson } from "../../toolcalls/json.ts";
import { firstDifference } from "./headerDifference.ts";

export interface TrajectoryPlan {
  header: TrajectoryHeader;
  /** Ids of the questions, in their order. */
  questions: readonly string[];
  /** Lines that are written together. */
  wave: number;
}

/**
 * @param heard the lines of whole waves, one after the other
 * @returns bytes of the header and of these waves; 0 where there is no file, or only the beginning of this header
 * @throws InputError where the file was made otherwise than planned, or holds something else
 */
export function wholeWaves(file: string, plan: TrajectoryPlan, heard: (line: TrajectoryLine) => void): number {
  if (!existsSync(file)) return 0;
  const bytes = readFileSync(file);
  const ends = lineEnds(bytes);
  const [headerEnd, ...lineEndsBehind] = ends;
  if (headerEnd === undefined) return refuseUnlessBegun(file, bytes.toString("utf8"), plan.header);
  checkHeader(file, bytes.toString("utf8", 0, headerEnd), plan.header);

  const { questions, wave } = plan;
  const total = lineEndsBehind.length;
  if (total > questions.length) {
    const sentence = `The file has ${total} trajectories, and there are ${questions.length} questions; name another file.`;
    throw new InputError(sentence, { file });
  }
  const whole = total === questions.length ? total : total - (total % wave);
  let size = headerEnd;
  for (let first = 0; first < whole; first += wave) {
    const end = Math.min(first + wave, whole);
    const lines: (TrajectoryLine | undefined)[] = lineEndsBehind.slice(first, end).map((behind, place) => {
      const index = first + place;
      return lineIn(bytes.toString("utf8", index === 0 ? headerEnd : lineEndsBehind[index - 1], behind));
    });
    const unread = lines.indexOf(undefined);
    // A power cut may leave anything where the last wave was being written; whatever is before it was synced.
    if (unread !== -1 && end === total) return size;
    for (const [place, line] of lines.entries()) {
      const index = first + place;
      if (line === undefined) refuseLine(file, index, "This line is no trajectory");
      const { question } = line;
      if (question !== questions[index])
        refuseLine(
          file,
          index,
          `This is the trajectory of "${plain(question)}" and not of "${plain(questions[index] ?? "")}"`,
        );
      heard(line);
    }
    size = lineEndsBehind[end - 1] as number;
  }
  return size;
}

/** Offsets behind the line breaks. */
function lineEnds(bytes: Buffer): number[] {
  const ends: number[] = [];
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) ends.push(at + 1);
  return ends;
}

function refuseUnlessBegun(file: string, text: string, header: TrajectoryHeader): 0 {
  if (JSON.stringify(header).startsWith(text)) return 0;
  return refuseFile(file);
}

function refuseFile(file: string): never {
  throw new InputError("This file is there and holds no trajectories; name another one.", { file });
}

function refuseLine(file: string, index: number, what: string): never {
  throw new InputError(`${what}; put the file back as it was written, or name another one.`, { file, line: index + 2 });
}

function checkHeader(file: string, text: string, planned: TrajectoryHeader): void {
  const found = jsonIn(text, parseJson);
  if (!follows(TrajectoryHeader, found)) refuseFile(file);
  // Another version of the product may well write the same.
  const difference = firstDifference({ ...found, product: "" }, { ...planned, product: "" });
  if (difference === undefined) return;
  const { path, before, now } = difference;
  throw new InputError(
    `These trajectories were begun with another ${path} (${before}, and now ${now}); put it back to go on with them, or name another file.`,
    { file, line: 1, key: path },
  );
}

function lineIn(text: string): TrajectoryLine | undefined {
  const value = jsonIn(text, parseJson);
  if (isJsonObject(value) && follows("skipped" in value ? SkippedQuestion : Trajectory, value)) return value;
  return undefined;
}
