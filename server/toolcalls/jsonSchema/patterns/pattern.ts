/**
 * Patterns of a schema, matched in time linear in the text (RE2). A backtracking engine would let one short pattern of a
 * tool hold the editor for hours. What the linear engine cannot express (lookaround, backreferences) is reported and
 * not checked: a time limit instead would give different verdicts on different machines.
 */
import { RE2JS } from "re2js";
import { OutOfBudget, type Run } from "../run.ts";
import { quote } from "../words.ts";
import { Inexpressible, toLinearSyntax } from "./linearSyntax.ts";

export interface Pattern {
  /** Whether the text holds a match. Charged to the run's pattern steps: instructions × characters. */
  matches(text: string, run: Run): boolean;
}

export interface PatternProblem {
  problem: string;
  /** Whether it is no regular expression at all, or one the linear engine lacks. */
  reason: "syntax" | "unsupported";
}

const MAX_SOURCE = 4_000;
const MAX_CACHED = 500;
const cache = new Map<string, Pattern | PatternProblem>();

/** The pattern of an ECMAScript regular expression, or why there is none. Never throws. */
export function patternOf(source: string): Pattern | PatternProblem {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const made = make(source);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(source, made);
  return made;
}

function make(source: string): Pattern | PatternProblem {
  const shown = `The pattern ${quote(source)}`;
  const unsupported = (why: string): PatternProblem => ({
    problem: `${shown} ${why}, so texts are not checked against it.`,
    reason: "unsupported",
  });
  if (source.length > MAX_SOURCE) return unsupported(`is longer than ${MAX_SOURCE} characters`);
  const unicode = isPattern(source, "u");
  if (!unicode && !isPattern(source, ""))
    return { problem: `${shown} is not a regular expression; it is ignored.`, reason: "syntax" };
  try {
    const linear = RE2JS.compile(toLinearSyntax(source, unicode));
    const instructions = linear.programSize();
    return { matches: (text, run) => matchWithin(linear, instructions, text, run) };
  } catch (error) {
    // RE2JS has several error classes, and every one of them means that it cannot have the pattern.
    return unsupported(error instanceof Inexpressible ? error.message : "cannot be matched in linear time");
  }
}

function matchWithin(linear: RE2JS, instructions: number, text: string, run: Run): boolean {
  run.patternStepsLeft -= instructions * (text.length + 1);
  if (run.patternStepsLeft < 0) throw new OutOfBudget("steps");
  return linear.test(text);
}

/** Only parses: the engine compiles a regular expression when it first runs, which this one never does. */
function isPattern(source: string, flags: string): boolean {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
}
