/** Trajectories of all questions, wave by wave into a file that can be gone on with at any moment. */

import { episodeContradictionsIn } from "../../../schemas/contradictions.ts";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import type { Question } from "../../../schemas/questions.ts";
import { isSkipped, type TrajectoryHeader, type TrajectoryLine } from "../../../schemas/trajectories.ts";
import { checkPromptBudget } from "../../prompts/budget.ts";
import type { PolicyEngine } from "../engine/policyEngine.ts";
import type { World } from "../episodes/episode.ts";
import type { Draw } from "../episodes/play.ts";
import { drawAll, pieces } from "../sampling.ts";
import { longestBeginning } from "./candidates.ts";
import { generateWave } from "./generateWave.ts";
import type { ActionJudge } from "./judges/judge.ts";
import { ToolCounts } from "./rarity.ts";
import { TrajectoryFile } from "./trajectoryFile.ts";

export interface GenerationProgress {
  /** Questions whose trajectories are stored. */
  stored: number;
  questions: number;
  /** Turn of the wave that goes on, from 0, and the episodes of it that have ended. */
  turn?: number;
  ended?: number;
}

export interface GenerateOptions {
  experiment: ResolvedExperiment;
  questions: readonly Question[];
  world: World;
  judge: ActionJudge;
  engine: Pick<PolicyEngine, "generate">;
  header: TrajectoryHeader;
  file: string;
  signal: AbortSignal;
  progress?: (progress: GenerationProgress) => void;
}

/**
 * Goes on with the file where it has whole waves already.
 *
 * @param heard each line in order, those that were there before included
 * @throws InputError where the file was begun otherwise, or the disk or the judge gives up; AbortError where it is cancelled.
 * What was stored stays
 */
export async function generateTrajectories(
  options: GenerateOptions,
  heard: (line: TrajectoryLine) => void,
): Promise<void> {
  const { experiment, questions, world, judge, engine, header, file, signal, progress } = options;
  const { settings, seed } = experiment;
  const limits = actionLimits(experiment, questions, world);
  const counts = new ToolCounts();
  let stored = 0;
  const hear = (line: TrajectoryLine): void => {
    stored++;
    heard(line);
  };
  const plan = { header, questions: questions.map(({ id }) => id), wave: settings.spark.wave };
  using written = TrajectoryFile.open(file, plan, (line) => {
    count(line, counts);
    hear(line);
  });
  const placed = questions.map((question, index) => ({ question, index }));
  const draw: Draw = async (prompts, sampling) =>
    prompts.length === 0 ? [] : drawAll(engine, prompts, { n: 1, sampling, signal });
  for (const wave of pieces(placed.slice(stored), settings.spark.wave)) {
    progress?.({ stored, questions: questions.length });
    // What of a wave is never stored does not count either, so every wave begins with the counts that the file gives.
    const lines = await generateWave(wave, {
      draw,
      world,
      judge,
      settings: settings.spark,
      limits,
      seed,
      counts: counts.copy(),
      signal,
      progress: (turn, ended) => progress?.({ stored, questions: questions.length, turn, ended }),
    });
    signal.throwIfAborted();
    written.append(lines);
    for (const line of lines) {
      count(line, counts);
      hear(line);
    }
  }
  progress?.({ stored, questions: questions.length });
}

function count(line: TrajectoryLine, counts: ToolCounts): void {
  if (isSkipped(line)) return;
  for (const { candidates, chosen } of line.turns) counts.add(candidates[chosen]?.tool ?? null);
}

/**
 * @throws InputError where a question's own prompt is over the budget, or a turn's budget leaves nothing for an action
 */
function actionLimits(
  { settings, train, file }: ResolvedExperiment,
  questions: readonly Question[],
  { renderer }: World,
): { action: number; begun: number } {
  const { lengths, spark } = settings;
  const [contradiction] = episodeContradictionsIn(settings);
  if (contradiction !== undefined)
    throw new InputError(contradiction.sentence, { file, key: ["settings", ...contradiction.key].join(".") });
  const prompts = questions.map((question) => ({
    id: question.id,
    tokens: renderer.prompt(question, []).tokens.length,
  }));
  checkPromptBudget(train, prompts, lengths.prompt);
  const tools = new Map(
    questions.flatMap((question) => renderer.offered(question).map((tool) => [tool.function.name, tool])),
  );
  const beginning = longestBeginning(renderer, [...tools.values()]);
  // A turn that is cut off gets its end all the same when it is learnt.
  const end = renderer.completion("").tokens.length;
  const action = lengths.response - spark.thought - beginning - end;
  if (action >= 1) return { action, begun: lengths.prompt + spark.thought + beginning };
  throw new InputError(
    `A turn may have ${lengths.response} tokens (settings.lengths.response), of which a thought may take ${spark.thought} (settings.spark.thought), the beginning of a call takes ${beginning} and the turn's end ${end}: nothing is left for its arguments. Raise the first or lower the second.`,
  );
}
