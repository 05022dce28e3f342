/** From a file of trajectories to turns in tokens, checked to be what the policy would read and write today. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import type { Trajectory, TrajectoryHeader, TrajectoryTurn } from "../../../schemas/trajectories.ts";
import { checkPromptBudget, checkTargetBudget } from "../../prompts/budget.ts";
import type { EpisodeRecord, TurnRecord } from "../../store/episodeRows.ts";
import { endReason } from "../episodes/endReason.ts";
import type { EpisodeRenderer } from "../episodes/episodeRenderer.ts";
import { promptsHash } from "../episodes/promptsHash.ts";
import { sourceHashes } from "../spark/header.ts";
import { readTrajectories, takenTurns } from "../spark/readTrajectories.ts";
import { repaid, type TurnReward } from "../spark/rewards.ts";
import type { StoredEpisode, StoredTurn } from "./data.ts";

/** Episodes that are rendered before the process looks at its messages again. */
const AT_ONCE = 20;

/**
 * @throws InputError where the file is not whole, was made from other questions, tools or prompts, its diversity cannot be paid with the
 * experiment's weights, or a turn is longer than its budget
 */
export async function loadTurns(
  experiment: ResolvedExperiment,
  file: string,
  renderer: EpisodeRenderer,
): Promise<StoredEpisode[]> {
  const { header, trajectories, questions, complete } = readTrajectories(file);
  if (!complete) {
    const sentence = `Of ${header.questions.count} questions only ${questions.length} have their trajectory; go on with: toolexpander generate ${experiment.file}`;
    throw new InputError(sentence, { file });
  }
  checkSources(experiment, file, header);
  checkPrompts(file, header, questions, renderer, experiment);
  checkWeights(experiment, file, header);
  const places = new Map(questions.map(({ id }, place) => [id, place]));
  const episodes: StoredEpisode[] = [];
  for (const trajectory of trajectories) {
    const place = places.get(trajectory.question) as number;
    episodes.push(storedEpisode(trajectory, place, { experiment, header, renderer }));
    if (episodes.length % AT_ONCE === 0) await nextTurn();
  }
  const learnt = episodes.filter(({ turns }) => turns.length > 0);
  checkBudgets(file, learnt, experiment);
  return learnt;
}

interface Rendering {
  experiment: ResolvedExperiment;
  header: TrajectoryHeader;
  renderer: EpisodeRenderer;
}

function storedEpisode(
  trajectory: Trajectory,
  place: number,
  { experiment, header, renderer }: Rendering,
): StoredEpisode {
  const { question: id, query, tools, turns, correct } = trajectory;
  const taken = takenTurns(trajectory);
  const { weights } = experiment.settings.spark;
  const ended = (turn: number): boolean | undefined => (turn === turns.length - 1 ? correct : undefined);
  const rewards = turns.map((turn, index) => repaid(turn, ended(index), header.settings.weights, weights));
  return {
    record: recordOf(trajectory, place, rewards),
    turns: turns.map(
      ({ completion, by }, turn): StoredTurn => ({
        question: id,
        turn,
        prompt: renderer.prompt({ id, query, tools }, taken.slice(0, turn)).tokens,
        completion: renderer.completion(completion).tokens,
        reward: sumOf(rewards[turn] as TurnReward),
        viable: by !== "best",
      }),
    ),
  };
}

const sumOf = ({ quality, diversity, terminal }: TurnReward): number => quality + diversity + terminal;

function recordOf(trajectory: Trajectory, place: number, rewards: readonly TurnReward[]): EpisodeRecord {
  const { question, query, category, correct, answer, accepted, turns } = trajectory;
  return {
    question,
    episode: 0,
    place,
    category: category ?? null,
    query,
    correct,
    answer: answer ?? null,
    reason: endReason(trajectory, accepted),
    turns: turns.map((turn, index) => turnRecord(turn, rewards[index] as TurnReward)),
  };
}

function turnRecord(
  { thought, candidates, chosen, completion, observation, trouble, by }: TrajectoryTurn,
  parts: TurnReward,
): TurnRecord {
  const candidate = candidates[chosen];
  if (candidate === undefined) throw new RangeError(`There is no candidate ${chosen}`);
  const { action, score } = candidate;
  return {
    thought,
    kind: action.kind,
    tool: action.kind === "call" ? action.name : null,
    action: completion,
    observation: observation ?? null,
    trouble: trouble ?? null,
    paid: { score, chosenBy: by, reward: sumOf(parts), parts: { ...parts } },
  };
}

/** What the file was made from, against what the experiment names now. */
function checkSources(experiment: ResolvedExperiment, file: string, header: TrajectoryHeader): void {
  const now = sourceHashes(experiment);
  const [what, key] =
    now.questions !== header.questions.sha256
      ? ["questions", "train"]
      : now.tools !== header.tools
        ? ["tools", "tools"]
        : [];
  if (what === undefined) return;
  const sentence = `These trajectories were generated with other ${what} than the experiment names under ${key}; put those back, or generate anew.`;
  throw new InputError(sentence, { file, line: 1 });
}

function checkPrompts(
  file: string,
  { prompts }: TrajectoryHeader,
  questions: Parameters<typeof promptsHash>[1],
  renderer: EpisodeRenderer,
  { model }: ResolvedExperiment,
): void {
  if (promptsHash(renderer, questions) === prompts) return;
  const sentence = `These trajectories were generated with another tokenizer or chat template than those of ${model}; put that model back, or generate anew.`;
  throw new InputError(sentence, { file, line: 1 });
}

/** Shares of tools are not stored apart from what they were paid. */
function checkWeights({ settings, file: named }: ResolvedExperiment, file: string, header: TrajectoryHeader): void {
  if (settings.spark.weights.diversity === 0 || header.settings.weights.diversity > 0) return;
  const sentence = `The trajectories of ${file} were generated with the weight 0, so that nothing in them says how rare a choice was; set this to 0, or generate anew.`;
  throw new InputError(sentence, { file: named, key: "settings.spark.weights.diversity" });
}

function checkBudgets(file: string, episodes: readonly StoredEpisode[], { settings }: ResolvedExperiment): void {
  const turns = episodes.flatMap((episode) => episode.turns);
  const counted = (of: "prompt" | "completion") =>
    turns.map((turn) => ({ id: turn.question, tokens: turn[of].length }));
  checkPromptBudget(file, counted("prompt"), settings.lengths.prompt);
  checkTargetBudget(file, counted("completion"), settings.lengths.response);
}
