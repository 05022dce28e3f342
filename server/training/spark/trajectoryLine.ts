/** One line of a file of trajectories by itself, for those who do not read the whole. */
import {
  isSkipped,
  SkippedQuestion,
  Trajectory,
  TrajectoryHeader,
  type TrajectoryLine,
} from "../../../schemas/trajectories.ts";
import { check, follows } from "../../toolcalls/check.ts";
import { jsonOf } from "../../toolcalls/documents.ts";
import { isJsonObject, jsonIn, parseExactJson, parseJson } from "../../toolcalls/json.ts";
import { checkChoices } from "./readTrajectories.ts";

/** @throws InputError with the place of the first fault */
export function headerLine(text: string, file: string): TrajectoryHeader {
  const value = jsonIn(text);
  if (follows(TrajectoryHeader, value)) return value;
  return check<TrajectoryHeader>(TrajectoryHeader, jsonOf(text, file, { exactNumbers: true }));
}

/**
 * @param line of the file, from 1
 * @param options whether numbers that a double cannot hold are kept as they were written, which takes several times as long
 * @throws InputError with the place of the first fault
 */
export function trajectoryLine(
  text: string,
  file: string,
  line: number,
  { exactNumbers }: { exactNumbers: boolean },
): TrajectoryLine {
  const value = jsonIn(text, exactNumbers ? parseExactJson : parseJson);
  if (follows(schemaOf(value), value) && (isSkipped(value) || value.turns.every(isChosen))) return value;
  // Slower, since it finds what is wrong and where.
  const document = jsonOf(text, file, { exactNumbers, line });
  const trajectory = check<TrajectoryLine>(schemaOf(document.value), document);
  if (!isSkipped(trajectory)) checkChoices(trajectory, document);
  return trajectory;
}

const schemaOf = (value: unknown): typeof SkippedQuestion | typeof Trajectory =>
  isJsonObject(value) && Object.hasOwn(value, "skipped") ? SkippedQuestion : Trajectory;

const isChosen = ({ candidates, chosen }: Trajectory["turns"][number]): boolean => candidates[chosen] !== undefined;
