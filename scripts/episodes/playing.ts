/** The example's held-out questions, played as an evaluation plays them. */
import { join } from "node:path";
import type { EpisodeChoices } from "../../schemas/choices.ts";
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import type { EvaluationEvent } from "../../schemas/protocol.ts";
import type { EpisodeRecord } from "../../server/store/episodeRows.ts";
import { Control } from "../../server/training/control.ts";
import type { PolicyEngine } from "../../server/training/engine/policyEngine.ts";
import { playHeldOut } from "../../server/training/episodes/evaluateEpisodes.ts";
import type { OpenWorld } from "../../server/training/episodes/openWorld.ts";
import type { PlacedQuestion } from "../../server/training/episodes/play.ts";
import { resolveExperiment } from "../../server/training/experiment.ts";
import { loadHeldOutQuestions } from "../../server/training/offline/loadEpisodeData.ts";

const EXPERIMENT = join(import.meta.dirname, "..", "..", "examples", "episodes", "experiment.json");

export interface HeldOut {
  experiment: ResolvedExperiment;
  heldOut: PlacedQuestion[];
  world: OpenWorld;
}

export async function openHeldOut(): Promise<HeldOut> {
  const experiment = resolveExperiment(EXPERIMENT, {});
  return { experiment, ...(await loadHeldOutQuestions(experiment)) };
}

export interface Playing {
  /** 0: greedily. */
  temperature: number;
  /** Of each question. */
  episodes: number;
  /** Of the first questions; all by default. */
  count?: number;
}

export interface Played extends Pick<EvaluationEvent, "accuracy" | "categories" | "truncated"> {
  choices: EpisodeChoices;
  records: EpisodeRecord[];
}

export async function play(
  engine: PolicyEngine,
  { experiment, heldOut, world }: HeldOut,
  { temperature, episodes, count = heldOut.length }: Playing,
): Promise<Played> {
  const { settings } = experiment;
  const evaluation = { ...settings.evaluation, episodes, temperature };
  const records: EpisodeRecord[] = [];
  const recorder = {
    activity: () => {},
    progress: () => {},
    episodes: (_phase: string, _step: number, piece: readonly EpisodeRecord[]) => void records.push(...piece),
  };
  const run = {
    engine,
    control: new Control(),
    experiment: { ...experiment, settings: { ...settings, evaluation } },
    recorder,
  };
  const { choices, ...outcome } = await playHeldOut(run, { heldOut: heldOut.slice(0, count), world }, 0, "before");
  if (choices === undefined) throw new Error("An evaluation of episodes has choices");
  return { ...outcome, choices, records };
}
