/** A run over episodes for tests: everything of it but the training, written by the real writer. */
import { dirname, join } from "node:path";
import { PRESETS } from "../../../schemas/presets.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import type { Trajectory } from "../../../schemas/trajectories.ts";
import type { EpisodeRecord } from "../../../server/store/episodeRows.ts";
import { hashInput } from "../../../server/store/hashInput.ts";
import { readRunRecord, updateRunRecord } from "../../../server/store/runFolder.ts";
import { endReason } from "../../../server/training/episodes/endReason.ts";
import { accuracyOf } from "../../../server/training/statistics.ts";
import { type MadeRun, makeRun } from "../../rollouts/testing/madeRun.ts";
import { trajectories, writeTrajectories } from "./madeTrajectories.ts";

export interface MadeEpisodes extends MadeRun {
  /** The file that it has learnt from. */
  trajectories: string;
}

/** @param lines of its file of trajectories, as it was read */
export function makeEpisodes({
  lines = trajectories(12) as readonly Trajectory[],
  state = "running" as RunRecord["state"],
} = {}): MadeEpisodes {
  const run = makeRun({ state });
  const file = join(dirname(run.samples), "train.trajectories.jsonl");
  writeTrajectories(file, lines);
  const { experiment, inputs } = readRunRecord(run.folder);
  const settings = { ...PRESETS.spark.settings, steps: 40 };
  updateRunRecord(run.folder, {
    experiment: { ...experiment, preset: "spark", trajectories: file, settings },
    inputs: [...inputs, hashInput(file)],
  });
  run.writer.recordEpisodes("stored", 0, lines.map(storedRecord));
  return { ...run, trajectories: file };
}

/** As a run stores what it learns from. */
function storedRecord(trajectory: Trajectory, place: number): EpisodeRecord {
  const { question, query, category = null, correct, answer = null, accepted, turns } = trajectory;
  return {
    question,
    episode: 0,
    place,
    category,
    query,
    correct,
    answer,
    reason: endReason(trajectory, accepted),
    turns: turns.map(({ thought, candidates, chosen, completion, observation = null, trouble = null, by, reward }) => {
      const candidate = candidates[chosen];
      if (!candidate) throw new RangeError(`There is no candidate ${chosen}`);
      const { action, score } = candidate;
      const { quality, diversity, terminal } = reward;
      const paid = { score, chosenBy: by, reward: quality + diversity + terminal, parts: { ...reward } };
      const tool = action.kind === "call" ? action.name : null;
      return { thought, kind: action.kind, tool, action: completion, observation, trouble, paid };
    }),
  };
}

/** Plays an evaluation: `episodes` of each question, those right whose number is a multiple of `right`. */
export function playAt({ writer }: MadeRun, step: number, { questions = 4, episodes = 2, right = 2 } = {}): void {
  const records = Array.from({ length: questions * episodes }, (_, number) => {
    const place = Math.floor(number / episodes);
    return playedRecord(place, number % episodes, number % right === 0);
  });
  writer.recordEpisodes("played", step, records);
  const accuracy = accuracyOf(records.filter(({ correct }) => correct).length, records.length);
  const moment = step === 0 ? "before" : "between";
  writer.recordEvaluation({ step, moment, accuracy, categories: {}, truncated: 0, malformed: 0 });
}

function playedRecord(place: number, episode: number, correct: boolean): EpisodeRecord {
  const answer = correct ? String(place) : "none";
  return {
    question: `heldout-${place}`,
    episode,
    place,
    category: "units",
    query: `How wide is ${place} cm?`,
    correct,
    answer,
    reason: endReason({ end: "answered", answer, correct }, [String(place)]),
    turns: [
      {
        thought: "I measure it.",
        kind: "call",
        tool: "calculator",
        action:
          'I measure it.\n<tool_call>\n{"name": "calculator", "arguments": {"value": 12345678901234567890}}\n</tool_call>',
        observation: "The tool failed: it is out of order.",
        trouble: "failed",
      },
      {
        thought: "",
        kind: "answer",
        tool: null,
        action: `<answer>${answer}</answer>`,
        observation: null,
        trouble: null,
      },
    ],
  };
}
