/**
 * ToolRL's reward as its code has it (qiancheng0/ToolRL, verl/utils/reward_score/rlla.py; arXiv 2504.13958v1 §3.3 is its idea, and
 * toolrlPaper.ts that formula). Published numbers came from the code. Total = format + correctness + length.
 */
import type { ToolRlSettings } from "../../../schemas/rewards.ts";
import { PythonError } from "../python/error.ts";
import { loads } from "../python/json.ts";
import { countWords, roundToHundredths } from "../python/text.ts";
import {
  equals,
  hashKey,
  isDict,
  lengthOf,
  member,
  type PythonDict,
  type PythonKey,
  type PythonValue,
  typeOf,
} from "../python/value.ts";
import { answerIn, callLines, formatIsRight, THINK_CLOSE, THINK_OPEN } from "./toolrlText.ts";

export interface ToolRlScore {
  total: number;
  format: number;
  correctness: number;
  length: number;
  /** R_name, R_param and R_value of TR §3.3, as the code counts them; zeros where no call could be read. */
  parts: { name: number; param: number; value: number };
  /** Why the calls could not be compared. */
  fault?: string;
}

interface Range {
  most: number;
  least: number;
}

/** Both reach their published extent at this step (TR appendix, "dynamic scale"). */
const SCHEDULE_STEPS = 150;
/** The step at which the second stage begins. */
const SECOND_STAGE = 30;

/**
 * @param gold a completion as ToolRL wants it; its tags say which blocks are needed
 * @param step of training; counts where the settings have the reward change with it
 * @throws PythonError where the original raises: calls of the gold completion that are no JSON, one on each line
 */
export function toolRlScore(completion: string, gold: string, step: number, settings: ToolRlSettings): ToolRlScore {
  const answer = answerIn(completion, settings.chat);
  const ranges = rangesAt(step, settings);
  const format = formatIsRight(answer, gold) ? ranges.format.most : ranges.format.least;
  const { correctness, parts, fault } = correctnessOf(answer, gold, ranges.correctness, settings);
  const length = settings.length === "none" ? 0 : lengthReward(answer, step, settings.length === "dynamic");
  return {
    total: format + correctness + length,
    format,
    correctness,
    length,
    parts,
    ...(fault !== undefined && { fault }),
  };
}

/** What format and correctness can be at a step; the two schedules of the code one after the other. */
export function rangesAt(step: number, settings: ToolRlSettings): { format: Range; correctness: Range } {
  const format = { most: 1, least: 0 };
  const correctness = { most: settings.correctnessMax, least: -settings.correctnessMax };
  if (settings.twoStage) {
    scale(step < SECOND_STAGE ? correctness : format, step < SECOND_STAGE ? 3 : 2);
  }
  if (settings.dynamicScale) {
    format.most = Math.max(1, 2 - ((2 - format.most) * step) / SCHEDULE_STEPS);
    format.least = Math.min(-1, -2 + ((2 + format.least) * step) / SCHEDULE_STEPS);
    correctness.most = Math.min(3, ((correctness.most - 2) * step) / SCHEDULE_STEPS + 2);
    correctness.least = Math.max(-3, ((correctness.least + 2) * step) / SCHEDULE_STEPS - 2);
  }
  return { format, correctness };
}

function scale(range: Range, divisor: number): void {
  range.most /= divisor;
  range.least /= divisor;
}

/** Thoughts of up to 512 words, or of a number that grows from 384 to 640 over 105 steps. */
function lengthReward(answer: string, step: number, dynamic: boolean): number {
  if (!answer.includes(THINK_OPEN) || !answer.includes(THINK_CLOSE)) return 0;
  const words = dynamic ? ((640 - 384) * step) / 105 + 384 : 512;
  const from = answer.lastIndexOf(THINK_OPEN) + THINK_OPEN.length;
  const to = answer.indexOf(THINK_CLOSE, from);
  const thoughts = answer.slice(from, to === -1 ? undefined : to);
  return Math.min(1, roundToHundredths(countWords(thoughts) / words));
}

type Correctness = Pick<ToolRlScore, "correctness" | "parts" | "fault">;

const nothing = { name: 0, param: 0, value: 0 };

function correctnessOf(answer: string, gold: string, range: Range, settings: ToolRlSettings): Correctness {
  const wanted = goldCalls(gold);
  // No calls in the gold completion: the code pays nothing and takes nothing, whatever was called.
  if (wanted === undefined) return { correctness: 0, parts: nothing };
  try {
    const lines = callLines(answer);
    if (lines === undefined || !answer.includes("</tool_call>"))
      return { correctness: range.least, parts: nothing, fault: "there is no closed block of tool calls" };
    // A line that is the gold line is not read again.
    const predicted = lines.map((line) => wanted.byLine.get(line) ?? loads(line));
    const { share, parts } = matchCalls(wanted.calls, predicted, settings.granularity);
    return { correctness: ((range.most - range.least) * share.score) / share.most + range.least, parts };
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    return { correctness: range.least, parts: nothing, fault: error.message };
  }
}

interface GoldCalls {
  calls: PythonValue[];
  byLine: ReadonlyMap<string, PythonValue>;
}

/** Gold completions come again with every completion of their group and with every epoch; the latest ones are kept as they were read. */
const golds = new Map<string, GoldCalls | undefined>();
const KEPT = 4096;

/** @throws PythonError where a line is no JSON */
function goldCalls(gold: string): GoldCalls | undefined {
  const known = golds.get(gold);
  if (known !== undefined || golds.has(gold)) return known;
  const lines = callLines(gold);
  const calls = lines?.map(loads);
  const read = lines &&
    calls && { calls, byLine: new Map(lines.map((line, index) => [line, calls[index] as PythonValue])) };
  if (golds.size === KEPT) golds.delete(golds.keys().next().value ?? "");
  golds.set(gold, read);
  return read;
}

interface Match {
  /** R_max and S_max. */
  share: { score: number; most: number };
  parts: ToolRlScore["parts"];
}

/** `compute_tool_call_reward`: greedy in the order of the gold calls, the first of equally good calls wins. */
function matchCalls(gold: PythonValue[], predicted: PythonValue[], granularity: ToolRlSettings["granularity"]): Match {
  if (equals(gold, predicted)) return exactMatch(gold);
  if (granularity === "coarse") return { share: { score: 0, most: 1 }, parts: nothing };
  const refined = granularity.startsWith("refined");
  const whole = granularity.endsWith("intermediate");

  const goldNames = gold.map((call) => member(call, "name"));
  const names = predicted.map((call) => member(call, "name"));
  const parts = { name: overlap(goldNames, names, refined), param: 0, value: 0 };
  let score = parts.name;
  let most = 1;
  const used = new Set<number>();
  for (const [place, call] of gold.entries()) {
    const parameters = member(call, "parameters");
    most += whole ? 1 : 1 + lengthOf(parameters);
    let best = { index: -1, param: 0, value: 0 };
    for (const [index, other] of predicted.entries()) {
      if (used.has(index) || !equals(names[index] as PythonValue, goldNames[place] as PythonValue)) continue;
      const found = whole
        ? { param: equals(call, other) ? 1 : 0, value: 0 }
        : compareParameters(parameters, member(other, "parameters"), refined);
      if (found.param + found.value > best.param + best.value) best = { index, ...found };
      if (whole && best.index === index) break;
    }
    if (best.index === -1) continue;
    used.add(best.index);
    score += best.param + best.value;
    parts.param += best.param;
    parts.value += best.value;
  }
  return { share: { score, most }, parts };
}

/** The short cut for equal lists, whose share is one whatever the calls hold. */
function exactMatch(gold: readonly PythonValue[]): Match {
  const values = gold.map((call) => (isDict(call) ? call.get("parameters") : undefined));
  const value = values.reduce<number>((sum, parameters) => sum + (isDict(parameters) ? parameters.size : 0), 0);
  return { share: { score: 1, most: 1 }, parts: { name: 1, param: gold.length, value } };
}

/** r_param and r_value of one pair of calls. */
function compareParameters(
  gold: PythonValue,
  predicted: PythonValue,
  refined: boolean,
): { param: number; value: number } {
  const [wanted, given] = [dictOf(gold), dictOf(predicted)];
  let shared = 0;
  let value = 0;
  for (const [key, expected] of wanted) {
    const found = given.get(key);
    if (found === undefined) continue;
    shared++;
    if (equals(found, expected)) value++;
  }
  return {
    param: refined ? overlap([...wanted.keys()], [...given.keys()], true) : keyOverlap(wanted, given, shared),
    value,
  };
}

/** `match_score` of keys, of which none comes twice. */
function keyOverlap({ size: wanted }: PythonDict, { size: given }: PythonDict, shared: number): number {
  return wanted + given === 0 ? 1 : shared / (wanted + given - shared);
}

function dictOf(value: PythonValue): PythonDict {
  if (isDict(value)) return value;
  throw new PythonError("AttributeError", `'${typeOf(value)}' object has no attribute 'keys'`);
}

/** `match_score`: Jaccard index of two multisets, 1 for equal lists. Strict: 0 for anything but equal lists, order included. */
function overlap(left: readonly PythonValue[], right: readonly PythonValue[], strict: boolean): number {
  const [first, second] = [left[0], right[0]];
  if (left.length === 1 && right.length === 1 && typeof first === "string" && typeof second === "string")
    return first === second ? 1 : 0;
  if (equals(left as PythonValue[], right as PythonValue[])) return 1;
  if (strict || left.length === 0 || right.length === 0) return 0;
  const rest = countsOf(right);
  let shared = 0;
  for (const key of left.map(hashKey)) {
    const count = rest.get(key) ?? 0;
    if (count === 0) continue;
    rest.set(key, count - 1);
    shared++;
  }
  return shared / (left.length + right.length - shared);
}

function countsOf(values: readonly PythonValue[]): Map<PythonKey, number> {
  const counts = new Map<PythonKey, number>();
  for (const key of values.map(hashKey)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
