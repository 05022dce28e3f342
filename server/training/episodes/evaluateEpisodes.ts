/** Held-out questions that the policy plays by itself: how many it answers, and which tools it chooses. */
import type { EvaluationEvent, Moment } from "../../../schemas/protocol.ts";
import type { EpisodeRecord, TurnRecord } from "../../store/episodeRows.ts";
import type { Recorder, Run } from "../context.ts";
import { seedFor } from "../draw.ts";
import { drawAll, interruptible, pieces } from "../sampling.ts";
import { EpisodeTally } from "./choices.ts";
import { endReason } from "./endReason.ts";
import { acceptedAnswers, type Episode, type World } from "./episode.ts";
import { type Draw, type PlacedQuestion, playEpisodes } from "./play.ts";

/** The part of a run that playing needs. */
export interface PlayingRun extends Pick<Run, "engine" | "control" | "experiment"> {
  recorder: Pick<Recorder, "activity" | "progress" | "episodes">;
}

export interface Played {
  heldOut: readonly PlacedQuestion[];
  world: World;
}

/** Plays and records. In between only the first `evaluation.rows` questions are asked. No held-out questions, no evaluation. */
export async function evaluateEpisodes(run: Run, { heldOut, world }: Played, moment: Moment): Promise<void> {
  if (heldOut.length === 0) return;
  const limit = run.experiment.settings.evaluation.rows;
  const asked = moment === "between" && limit > 0 ? heldOut.slice(0, limit) : heldOut;
  run.recorder.evaluation(await playHeldOut(run, { heldOut: asked, world }, run.progress.step, moment));
}

/**
 * `evaluation.episodes` episodes of each question. Random streams do not depend on the step, so that evaluations of one run differ by
 * the policy alone. Only the episodes are recorded.
 */
export async function playHeldOut(
  run: PlayingRun,
  { heldOut, world }: Played,
  step: number,
  moment: Moment,
): Promise<EvaluationEvent> {
  const { settings, seed } = run.experiment;
  const { episodes: n, temperature } = settings.evaluation;
  const all = heldOut.flatMap(({ question, index }) =>
    Array.from({ length: n }, (_, episode) => ({ question, index: index * n + episode })),
  );
  const tally = new EpisodeTally(n);
  run.recorder.activity("evaluating", moment);
  const draw: Draw = (prompts, sampling) =>
    interruptible(run, (signal) => drawAll(run.engine, prompts, { n: 1, sampling, signal }));
  let ended = 0;
  for (const piece of pieces(all, settings.sampling.promptsPerStep * settings.sampling.groupSize)) {
    const episodes = await playEpisodes(piece, {
      draw,
      world,
      sampling: { temperature, maxNewTokens: settings.lengths.response },
      seed: seedFor(seed, "held-out episodes"),
      step: 0,
      progress: (count) => run.recorder.progress(ended + count, all.length),
    });
    for (const episode of episodes) tally.add(episode);
    const records = episodes.map((episode) => recordOf(episode, n));
    run.recorder.episodes("played", step, records);
    ended += piece.length;
  }
  return { step, moment, ...tally.outcome() };
}

function recordOf(episode: Episode, n: number): EpisodeRecord {
  const { question, index, turns, correct, end, answer } = episode;
  if (end === undefined) throw new Error(`The episode of question ${question.id} did not end`);
  return {
    question: question.id,
    episode: index % n,
    place: Math.floor(index / n),
    category: question.category ?? null,
    query: question.query,
    correct,
    answer: answer ?? null,
    reason: endReason({ end, answer, correct }, acceptedAnswers(question)),
    turns: turns.map(
      ({ thought, action, text, observation }, turn): TurnRecord => ({
        thought,
        kind: action.kind,
        tool: action.kind === "call" ? action.name : null,
        action: text,
        observation: observation ?? null,
        trouble: episode.troubles[turn] ?? null,
      }),
    ),
  };
}
