/** Where the loop's results go: into the store first, then to whoever watches. */
import type {
  Activity,
  CollapseEvent,
  EditEvent,
  EvaluationEvent,
  HardEvent,
  LogEvent,
  Moment,
  ProbeEvent,
  RoundEvent,
} from "../../../schemas/protocol.ts";
import type { DrawRecord } from "../../store/curriculumRows.ts";
import type { EpisodePhase, EpisodeRecord } from "../../store/episodeRows.ts";
import { hashOf, type RolloutRecord } from "../../store/rows.ts";
import { splitStepMetrics } from "../../store/stepMetrics.ts";
import type { RunWriter, SampleState } from "../../store/writer.ts";
import { plain } from "../../toolcalls/display.ts";
import type { Recorder, StepRecord } from "../context.ts";
import type { FewShotAttempt } from "../curriculum/fewShots.ts";
import type { JudgedRollout } from "../judge.ts";
import type { DrawnRow, Row, RowRollouts } from "../rows.ts";
import { mean } from "../statistics.ts";
import type { Board } from "./board.ts";

export class StoreRecorder implements Recorder {
  readonly #store: RunWriter;
  readonly #board: Board;
  readonly #reproducible: () => boolean;
  #moment: Moment | undefined;

  /** @param reproducible whether the engine promises the same bits for the same calls */
  constructor(store: RunWriter, board: Board, reproducible: () => boolean) {
    this.#store = store;
    this.#board = board;
    this.#reproducible = reproducible;
  }

  activity(activity: Activity, moment?: Moment): void {
    this.#moment = moment;
    this.#board.change({ activity });
  }

  progress(done: number, total: number): void {
    const moment = this.#moment === undefined ? {} : { moment: this.#moment };
    this.#board.progress({ activity: this.#board.snapshot.activity, ...moment, done, total });
  }

  step({ step, metrics, groups, states, lessons = [] }: StepRecord): void {
    const rollouts = groups.flatMap(({ row, rollouts: group }, place) =>
      group.map((rollout) => ({ ...recordOf(row, rollout), group: place, advantage: rollout.advantage })),
    );
    const draws = groups.map(({ row }, group) => drawOf(row, group));
    this.#mind(this.#store.recordStep({ step, ...splitStepMetrics(metrics), rollouts, states, draws, lessons }), step);
    this.#board.step({ step, metrics });
    for (const { row, rollouts: group } of groups) {
      if (row.edit === undefined) continue;
      const correct = group.filter((rollout) => rollout.correct).length;
      this.#board.tell("editUsed", { step, sample: row.sample.id, rollouts: group.length, correct });
    }
  }

  rollouts(purpose: "evaluation" | "probe", step: number, results: RowRollouts[]): void {
    const records = results.flatMap(({ row, rollouts }) =>
      rollouts.map((rollout) => ({ ...recordOf(row, rollout), group: row.index, advantage: null, compact: true })),
    );
    this.#mind(this.#store.recordRollouts(purpose, step, records), step);
  }

  episodes(phase: EpisodePhase, step: number, records: readonly EpisodeRecord[]): void {
    this.#store.recordEpisodes(phase, step, records);
  }

  evaluation(event: EvaluationEvent): void {
    this.#store.recordEvaluation(event);
    this.#board.evaluation(event);
  }

  probe(event: ProbeEvent, states: SampleState[]): void {
    this.#store.recordProbe(event, states);
    this.#board.probe(event);
  }

  hard(event: HardEvent): void {
    const states = event.samples.map((sample) => ({ sample, state: "hard" }));
    this.#store.recordStates(event.step, states);
    this.#board.hard(event);
  }

  fewShots(step: number, round: number, attempts: readonly FewShotAttempt[]): void {
    const records = attempts.map(({ row, prompt, ...attempt }) => ({
      ...attempt,
      sample: row.sample.id,
      promptHash: hashOf(prompt.text),
      tokens: prompt.tokens.length,
    }));
    this.#store.recordFewShots(step, round, records);
  }

  round(event: RoundEvent, states: SampleState[]): void {
    this.#store.recordRound(event, states);
    this.#board.round(event);
  }

  edited(step: number, states: SampleState[]): void {
    for (const state of states) this.#store.recordSampleState(step, state);
  }

  /** Tells what became of a file of replacements/, which is on record by now. */
  edit(event: EditEvent): void {
    this.#board.tell("edit", event);
    if (event.reason !== null) toServerLog("warning", `The edit ${event.file} is refused: ${event.reason}`);
  }

  collapse(event: CollapseEvent): boolean {
    const isNews = this.#store.recordEvent({ step: event.step, kind: "collapse", key: "reward", data: { ...event } });
    if (isNews) {
      this.#board.tell("collapse", event);
      this.log("warning", collapseSentence(event));
    }
    return isNews;
  }

  log(level: LogEvent["level"], message: string): void {
    toServerLog(level, message);
    this.#board.tell("log", { level, message });
  }

  /** A replay that comes out differently is a defect where the engine promises equal bits; elsewhere it is to be expected. */
  #mind(difference: { field: string; count: number; sample: string | null } | undefined, step: number): void {
    if (difference === undefined || !this.#reproducible()) return;
    const where = difference.sample === null ? "" : ` of sample ${difference.sample}`;
    this.log(
      "warning",
      `Step ${step} was replayed from a checkpoint and came out differently (${difference.field}${where}, ${difference.count} in all); please report this as a defect`,
    );
  }
}

function toServerLog(level: LogEvent["level"], message: string): void {
  process.stderr.write(`${new Date().toISOString()} ${level}: ${plain(message, 4000)}\n`);
}

function collapseSentence({ step, windowReward, best, paused }: CollapseEvent): string {
  const number = (value: number): string => value.toFixed(3);
  return `The run has collapsed by step ${step}: its sliding mean reward is ${number(windowReward)} and was ${number(best)} at its best${paused ? "; it is paused, and goes on with resume" : ""}`;
}

function drawOf(row: DrawnRow, group: number): DrawRecord {
  const { version, round, attempt = null, edit = null } = row;
  return { group, sample: row.sample.id, version, promptHash: hashOf(row.prompt.text), round, attempt, edit };
}

function recordOf(row: Row, { completion, ...rollout }: JudgedRollout): Omit<RolloutRecord, "group" | "advantage"> {
  return {
    rollout: completion.rollout,
    sample: row.sample.id,
    prompt: row.prompt.text,
    completion: rollout.text,
    tokens: completion.tokens,
    logprobs: completion.logprobs,
    entropy: mean([...completion.entropies]),
    reward: rollout.reward,
    parts: rollout.parts,
    reason: rollout.reason,
    correct: rollout.correct,
    formatOk: rollout.formatOk,
    truncated: completion.truncated,
  };
}
