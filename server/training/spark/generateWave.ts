/**
 * The trajectories of one wave of questions, side by side. In each turn the policy writes a thought and, behind it, every candidate; the
 * judge scores them; the rarity rule takes one; its tool answers. Choices are made one after the other in the order of the questions,
 * so that "so far in the data set" means the same whenever the wave is generated again.
 */
import type { SparkSettings } from "../../../schemas/spark.ts";
import type { SkippedQuestion, Trajectory, TrajectoryLine, TrajectoryTurn } from "../../../schemas/trajectories.ts";
import type { Rendered } from "../../prompts/promptRenderer.ts";
import type { Completion, Sampling } from "../engine/policyEngine.ts";
import { acceptedAnswers, Episode, type World } from "../episodes/episode.ts";
import { type Draw, type PlacedQuestion, promptsOf } from "../episodes/play.ts";
import { candidateStream, OWN_STREAM, turnKey } from "../episodes/streams.ts";
import { beforeAction } from "../episodes/turn.ts";
import { beginCandidates, type Candidate, readCandidate } from "./candidates.ts";
import { type ActionJudge, HIGHEST_SCORE, type Verdict } from "./judges/judge.ts";
import { chooseCandidate, type ToolCounts } from "./rarity.ts";
import { terminalReward, turnReward } from "./rewards.ts";

export interface WaveOptions {
  draw: Draw;
  world: World;
  judge: ActionJudge;
  settings: SparkSettings;
  /** Tokens: of an action behind its beginning, and of a prompt with thought and beginning, at most. */
  limits: { action: number; begun: number };
  seed: number;
  /** Actions of the data set so far; those of this wave are added. */
  counts: ToolCounts;
  signal: AbortSignal;
  /** Called after each turn with the episodes that have ended. */
  progress?: (turn: number, ended: number) => void;
}

class Generated extends Episode {
  readonly lines: TrajectoryTurn[] = [];
  /** Why its judge could not be understood, where that was so: it ends there. */
  skipped: { skipped: string; turn: number } | undefined;
}

/** An episode at its next turn. */
interface Standing {
  episode: Generated;
  prompt: Rendered;
  thought: string;
}

/** Lines in the order of the questions. */
export async function generateWave(
  questions: readonly PlacedQuestion[],
  options: WaveOptions,
): Promise<TrajectoryLine[]> {
  const episodes = questions.map(({ question, index }) => new Generated(question, index));
  const { world, progress } = options;
  for (let turn = 0; turn < world.steps; turn++) {
    const asked = promptsOf(
      episodes.filter(({ skipped }) => skipped === undefined),
      world,
    );
    if (asked.length === 0) break;
    const standing = await withThoughts(asked, turn, options);
    const proposed = await withCandidates(standing, turn, options);
    const verdicts = await allJudged(proposed, options);
    for (const [place, one] of proposed.entries()) await take(one, verdicts[place] as Verdict, turn, options);
    progress?.(turn, episodes.filter(({ end, skipped }) => end !== undefined || skipped !== undefined).length);
  }
  return episodes.map((episode) => lineOf(episode, options.settings));
}

async function withThoughts(
  asked: readonly { episode: Generated; prompt: Rendered }[],
  turn: number,
  { draw, world: { renderer }, settings, seed }: WaveOptions,
): Promise<Standing[]> {
  const prompts = asked.map(({ episode, prompt }) => ({
    tokens: prompt.tokens,
    key: turnKey({ seed, step: 0, episode: episode.index }, turn),
    firstRollout: OWN_STREAM,
  }));
  const completions = await draw(prompts, samplingOf(settings, settings.thought));
  return asked.map((one, place) => ({
    ...one,
    thought: beforeAction(renderer.written((completions[place] as Completion).tokens)),
  }));
}

interface Proposed extends Standing {
  candidates: Candidate[];
}

async function withCandidates(
  standing: readonly Standing[],
  turn: number,
  { draw, world: { renderer }, settings, limits, seed }: WaveOptions,
): Promise<Proposed[]> {
  const begun = standing.flatMap((one) => {
    const tools = renderer.offered(one.episode.question);
    const candidates = beginCandidates(renderer, one.prompt, one.thought, tools);
    if (candidates.every(({ prompt: { tokens } }) => tokens.length <= limits.begun))
      return [{ ...one, begun: candidates }];
    one.episode.overflow();
    return [];
  });
  const prompts = begun.flatMap(({ episode, begun: candidates }) =>
    candidates.map(({ prompt: { tokens } }, index) => ({
      tokens,
      key: turnKey({ seed, step: 0, episode: episode.index }, turn),
      firstRollout: candidateStream(index),
    })),
  );
  const completions = await draw(prompts, samplingOf(settings, limits.action));
  let at = 0;
  return begun.map(({ begun: candidates, ...one }) => ({
    ...one,
    candidates: candidates.map((candidate) =>
      readCandidate(candidate, one.thought, renderer.written((completions[at++] as Completion).tokens)),
    ),
  }));
}

const samplingOf = ({ temperature }: SparkSettings, maxNewTokens: number): Sampling => ({ temperature, maxNewTokens });

/** Side by side; where one fails, nobody waits for the others any more. */
async function allJudged(proposed: readonly Proposed[], options: WaveOptions): Promise<Verdict[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  try {
    return await Promise.all(proposed.map((one) => judged(one, { ...options, signal })));
  } catch (error) {
    failed.abort();
    throw error;
  }
}

/** @throws Error where the judge does not keep to its contract: that is a defect of its code */
async function judged(
  { episode, thought, candidates }: Proposed,
  { judge, world: { renderer }, signal }: WaveOptions,
): Promise<Verdict> {
  const { question, turns } = episode;
  const verdict = await judge.judge(
    {
      question: {
        id: question.id,
        query: question.query,
        answers: acceptedAnswers(question),
        uses: (question.uses ?? []).map(({ call, score = HIGHEST_SCORE }) => ({ ...call, score })),
      },
      tools: renderer.offered(question),
      before: turns,
      thought,
      candidates: candidates.map(({ action }) => action),
    },
    signal,
  );
  const wrong = (score: number): boolean => !(score >= 0 && score <= HIGHEST_SCORE);
  if (verdict.kind === "scores" && (verdict.scores.length !== candidates.length || verdict.scores.some(wrong)))
    throw new Error(`The judge gave ${verdict.scores.join(", ")} for ${candidates.length} candidates`);
  return verdict;
}

async function take(
  { episode, thought, candidates }: Proposed,
  verdict: Verdict,
  turn: number,
  { world, settings, counts }: WaveOptions,
): Promise<void> {
  if (verdict.kind === "skipped") {
    episode.skipped = { skipped: verdict.why, turn };
    return;
  }
  const scored = candidates.map(({ tool, text, action }, index) => ({
    tool,
    text,
    action,
    score: verdict.scores[index] as number,
  }));
  const choice = chooseCandidate(scored, settings, counts);
  const { tool, score } = scored[choice.chosen] as (typeof scored)[number];
  const { action, completion } = candidates[choice.chosen] as Candidate;
  const seen = await episode.take({ thought, action, text: completion }, world);
  const share = counts.share(tool);
  counts.add(tool);
  episode.lines.push({
    thought,
    candidates: scored,
    ...choice,
    completion,
    ...(seen && { observation: seen.text }),
    ...(seen?.trouble && { trouble: seen.trouble }),
    reward: turnReward({ score, share, by: choice.by }, settings.weights),
  });
}

function lineOf(episode: Generated, { weights }: SparkSettings): TrajectoryLine {
  const { question, lines, skipped, correct, end, answer } = episode;
  const asked = {
    question: question.id,
    query: question.query,
    tools: question.tools,
    ...(question.category !== undefined && { category: question.category }),
  };
  if (skipped !== undefined) return { ...asked, ...skipped } satisfies SkippedQuestion;
  if (end === undefined) throw new Error(`The episode of question ${question.id} did not end`);
  const last = lines.at(-1);
  if (last !== undefined) last.reward.terminal = terminalReward(correct, weights);
  return {
    ...asked,
    accepted: acceptedAnswers(question),
    turns: lines,
    end,
    ...(answer !== undefined && { answer }),
    correct,
  } satisfies Trajectory;
}
