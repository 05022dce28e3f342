/**
 * Episodes for the supervised warm-up. They teach what a turn is, how each tool is called and that its result is the answer. Which of
 * several useful actions to take they teach as priors.ts has it: where a rare one is shown for practice, its choice is not learnt.
 */
import { worldOf } from "../../examples/episodes/world.mjs";
import { Random } from "../quickstart/random.ts";
import { type AskedQuestion, drawQuestion } from "./dataset.ts";
import { type Guessing, guesses, likedUse } from "./priors.ts";
import type { Stage, Use } from "./question.ts";
import { madeUpRows } from "./rowSupply.ts";

/** What of a turn is learnt: all of it, or what a call has behind its forced beginning. */
export type Learnt = "all" | "arguments";

export type WarmupTurn =
  | { thought: string; call: Use["call"]; observation: string; learnt: Learnt }
  | { thought: string; answer: string };

export interface WarmupEpisode {
  question: AskedQuestion;
  turns: WarmupTurn[];
}

const KNOWN = "I know it.";

/** Share of the stages that practise any of their uses, and of those that go on to a second one, which gives nothing new. */
const PRACTICE = 0.3;
const AGAIN = 0.15;

/** An endless supply; each is a function of the seed and its place. */
export function* warmupEpisodes(seed: number, from = 0, guessing: Guessing = "first"): Generator<WarmupEpisode> {
  for (let index = from; ; index++) yield warmupEpisode(new Random(seed, "warmup episode", index), guessing);
}

function warmupEpisode(random: Random, guessing: Guessing): WarmupEpisode {
  const rows = madeUpRows();
  const question = drawQuestion(random, "warmup", rows);
  const world = worldOf(rows.tables());
  const called = (thought: string, { call }: Use, learnt: Learnt): WarmupTurn => ({
    thought,
    call,
    observation: world[call.name](call.arguments),
    learnt,
  });
  const turns: WarmupTurn[] = question.stages.flatMap((stage, index): WarmupTurn[] => {
    const last = index === question.stages.length - 1;
    if (last && guesses(random, question, guessing)) return [{ thought: stage.thought, answer: question.answer }];
    return stageTurns(random, stage, called);
  });
  if (!turns.some((turn) => "answer" in turn)) turns.push({ thought: KNOWN, answer: question.answer });
  return { question, turns };
}

function stageTurns(
  random: Random,
  stage: Stage,
  called: (thought: string, use: Use, learnt: Learnt) => WarmupTurn,
): WarmupTurn[] {
  const practice = random.chance(PRACTICE);
  const first = practice ? random.pick(stage.uses) : likedUse(random, stage);
  const turns = [called(stage.thought, first, practice ? "arguments" : "all")];
  const others = stage.uses.filter((use) => use !== first);
  if (others.length > 0 && random.chance(AGAIN)) turns.push(called(stage.thought, random.pick(others), "arguments"));
  return turns;
}
