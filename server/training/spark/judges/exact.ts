/** The judge that asks nobody: scores from the question's own calls and answers, and from what the tools take. */
import type { Tool } from "../../../../schemas/tools.ts";
import { argumentFaults } from "../../../toolcalls/argumentFaults.ts";
import { sameValue } from "../../../toolcalls/compare.ts";
import { ToolSchema } from "../../../toolcalls/toolSchema.ts";
import { isAccepted } from "../../episodes/answers.ts";
import { callText } from "../../episodes/results.ts";
import { type ActionJudge, type CandidateAction, HIGHEST_SCORE, type Turn, type Verdict } from "./judge.ts";

type Call = Extract<CandidateAction, { kind: "call" }>;

/**
 * - An answer gets 10 where it is one of those that are right, else 0.
 * - A call gets 0 where its tool is not offered or does not take it, and where the episode has made it already.
 * - A call that is one of the question's `uses` gets the score of that.
 * - Any other call gets threshold · right / names, of the nearest use of its tool: `names` are the arguments of both calls together,
 *   `right` those that are equal in both. That stays below the threshold, so what is nearly right is ranked and never viable.
 */
export class ExactJudge implements ActionJudge {
  readonly identity: string;
  readonly #threshold: number;

  /** @param threshold score above which an action is viable, 0 … 10 */
  constructor(threshold: number) {
    this.#threshold = threshold;
    this.identity = `exact, up to ${threshold} for a part`;
  }

  async judge(turn: Turn): Promise<Verdict> {
    const made = new Set(turn.before.flatMap(({ action }) => (action.kind === "call" ? [callText(action)] : [])));
    return { kind: "scores", scores: turn.candidates.map((action) => this.#score(action, turn, made)) };
  }

  async close(): Promise<void> {}

  #score(action: CandidateAction, { question, tools }: Turn, made: ReadonlySet<string>): number {
    if (action.kind === "broken") return 0;
    if (action.kind === "answer") return isAccepted(action.text, question.answers) ? HIGHEST_SCORE : 0;
    if (!isTaken(action, tools) || made.has(callText(action))) return 0;
    const uses = question.uses.filter(({ name }) => name === action.name);
    const shares = uses.map((use) => ({ score: use.score, share: shareRight(use.arguments, action.arguments) }));
    const equal = shares.filter(({ share }) => share === 1);
    if (equal.length > 0) return Math.max(...equal.map(({ score }) => score));
    return this.#threshold * Math.max(0, ...shares.map(({ share }) => share));
  }
}

function isTaken({ name, arguments: values }: Call, tools: readonly Tool[]): boolean {
  const tool = tools.find((one) => one.function.name === name);
  if (tool === undefined) return false;
  return argumentFaults(ToolSchema.of(tool.function.parameters), { ...values }).length === 0;
}

/** Arguments that are equal in both calls, of the names in either; 1 where there are none at all. */
function shareRight(use: object, call: object): number {
  const [left, right] = [new Map(Object.entries(use)), new Map(Object.entries(call))];
  const names = new Set([...left.keys(), ...right.keys()]);
  if (names.size === 0) return 1;
  const equal = [...names].filter(
    (name) => left.has(name) && right.has(name) && sameValue(left.get(name), right.get(name)),
  );
  return equal.length / names.size;
}
