/** Trajectories as they were stored, for learning and for counting. */
import { InputError } from "../../../schemas/problem.ts";
import type { Question } from "../../../schemas/questions.ts";
import {
  isSkipped,
  SkippedQuestion,
  Trajectory,
  TrajectoryHeader,
  type TrajectoryLine,
} from "../../../schemas/trajectories.ts";
import { check } from "../../toolcalls/check.ts";
import { type JsonDocument, readJsonLines } from "../../toolcalls/documents.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { TakenTurn } from "../episodes/turn.ts";

export interface Trajectories {
  header: TrajectoryHeader;
  /** Of questions that were not skipped, in the order of the file. */
  trajectories: Trajectory[];
  /** Of every line, skipped ones included, in the order of the file. */
  questions: Pick<Question, "id" | "query" | "tools">[];
  /** Whether every question has its line. */
  complete: boolean;
}

/** @throws InputError on a file that is empty, a line that is not what it should be, and a choice of no candidate */
export function readTrajectories(file: string): Trajectories {
  const [first, ...rest] = readJsonLines(file, { exactNumbers: true });
  if (first === undefined) throw new InputError("The file holds no trajectories.", { file });
  const header = check<TrajectoryHeader>(TrajectoryHeader, first);
  const lines = rest.map((document) => {
    const skipped = isJsonObject(document.value) && Object.hasOwn(document.value, "skipped");
    const line = check<TrajectoryLine>(skipped ? SkippedQuestion : Trajectory, document);
    if (!isSkipped(line)) checkChoices(line, document);
    return line;
  });
  return {
    header,
    trajectories: lines.flatMap((line) => (isSkipped(line) ? [] : [line])),
    questions: lines.map(({ question: id, query, tools }) => ({ id, query, tools })),
    complete: lines.length === header.questions.count,
  };
}

/** @throws InputError on a choice of no candidate */
export function checkChoices({ turns }: Trajectory, document: JsonDocument): void {
  for (const [turn, { candidates, chosen }] of turns.entries()) {
    if (candidates[chosen] !== undefined) continue;
    const sentence = `There is no candidate ${chosen}; the turn has ${candidates.length}, counted from 0.`;
    throw new InputError(sentence, document.locate(["turns", turn, "chosen"]));
  }
}

/** The turns of a trajectory as the policy saw them: the prompt of turn t is that of the first t of them. */
export function takenTurns({ turns }: Trajectory): TakenTurn[] {
  return turns.map(({ thought, candidates, chosen, completion, observation }) => {
    const candidate = candidates[chosen];
    if (candidate === undefined) throw new RangeError(`There is no candidate ${chosen}`);
    return { thought, action: candidate.action, text: completion, observation };
  });
}
