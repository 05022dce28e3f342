/** The data of an experiment of episodes: stored turns to learn from, held-out questions to play. */
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import { checkPromptBudget } from "../../prompts/budget.ts";
import { type OpenWorld, openWorld } from "../episodes/openWorld.ts";
import type { PlacedQuestion } from "../episodes/play.ts";
import { loadQuestions } from "../episodes/questions.ts";
import type { Dataset } from "../rows.ts";
import { batchesOf } from "./batches.ts";
import type { StoredTurn } from "./data.ts";
import { loadTurns } from "./loadTurns.ts";
import { trajectoriesOf } from "./sources.ts";

/**
 * Whoever loads it disposes of its environment.
 *
 * @param plays false where the data is only checked: then no code of the researcher's is run
 * @throws InputError as loadTurns, openWorld and loadQuestions, and where a step takes more turns than there are
 */
export async function loadEpisodeData(experiment: ResolvedExperiment, plays: boolean): Promise<Dataset> {
  const file = trajectoriesOf(experiment);
  const world = await openWorld(experiment, plays);
  try {
    return await dataIn(world, experiment, file);
  } catch (error) {
    await world.environment.dispose();
    throw error;
  }
}

async function dataIn(world: OpenWorld, experiment: ResolvedExperiment, file: string): Promise<Dataset> {
  const episodes = await loadTurns(experiment, file, world.renderer);
  const turns = episodes.flatMap((episode) => episode.turns);
  const learnt = experiment.preset === "sft" ? turns.filter(({ viable }) => viable) : turns;
  checkEnough(experiment, file, turns, learnt);
  return {
    train: [],
    heldOut: [],
    tools: world.tools,
    demonstrations: [],
    fewShotPrompt: () => undefined,
    lessons: { count: learnt.length, at: (index) => lessonAt(learnt, index) },
    notes: world.notes,
    judge: noRewards,
    judgeApart: noRewards,
    steps: stepsOf(experiment, turns.length),
    episodes: { episodes, turns, heldOut: heldOutOf(experiment, world), world },
  };
}

/** Held-out questions alone, for an evaluation without training. @throws InputError as loadEpisodeData */
export async function loadHeldOutQuestions(
  experiment: ResolvedExperiment,
): Promise<{ heldOut: PlacedQuestion[]; world: OpenWorld }> {
  if (experiment.heldOut === undefined) {
    const sentence = "There are no held-out questions to evaluate on; name them under heldOut.";
    throw new InputError(sentence, { file: experiment.file, key: "heldOut" });
  }
  const world = await openWorld(experiment);
  try {
    return { heldOut: heldOutOf(experiment, world), world };
  } catch (error) {
    await world.environment.dispose();
    throw error;
  }
}

function heldOutOf({ heldOut, settings }: ResolvedExperiment, { tools, renderer }: OpenWorld): PlacedQuestion[] {
  if (heldOut === undefined) return [];
  const questions = loadQuestions(heldOut, tools);
  const prompts = questions.map((question) => ({
    id: question.id,
    tokens: renderer.prompt(question, []).tokens.length,
  }));
  checkPromptBudget(heldOut, prompts, settings.lengths.prompt);
  return questions.map((question, index) => ({ question, index }));
}

/** Optimizer steps: all epochs, unless the settings end the run before. */
function stepsOf({ preset, settings }: ResolvedExperiment, turns: number): number {
  if (preset === "sft") return settings.steps;
  return Math.min(settings.steps, settings.ppo.epochs * batchesOf(turns, settings.sampling.promptsPerStep));
}

function checkEnough(
  { settings }: ResolvedExperiment,
  file: string,
  turns: readonly StoredTurn[],
  learnt: readonly StoredTurn[],
): void {
  const { promptsPerStep } = settings.sampling;
  if (learnt.length >= promptsPerStep) return;
  const without = learnt.length < turns.length ? ` in which an action was viable` : "";
  throw new InputError(
    `A step learns ${promptsPerStep} different turns and there are only ${learnt.length}${without}. Lower settings.sampling.promptsPerStep, or generate more trajectories.`,
    { file },
  );
}

function lessonAt(turns: readonly StoredTurn[], index: number): { prompt: Int32Array; target: Int32Array } {
  const turn = turns[index];
  if (turn === undefined) throw new RangeError(`No turn ${index}`);
  return { prompt: turn.prompt, target: turn.completion };
}

const noRewards = (): Promise<never> => Promise.reject(new Error("Turns are paid when they are generated"));
