/** Where the loop's results go: into the store first, then to whoever watches. */
import type { Activity, EvaluationEvent, LogEvent, Moment, ProbeEvent } from "../../../schemas/protocol.ts";
import type { RolloutRecord } from "../../store/rows.ts";
import { splitStepMetrics } from "../../store/stepMetrics.ts";
import type { RunWriter } from "../../store/writer.ts";
import type { Recorder, Row, RowRollouts, StepRecord } from "../context.ts";
import type { JudgedRollout } from "../judge.ts";
import { mean } from "../metrics.ts";
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

  step({ step, metrics, groups, solved }: StepRecord): void {
    const rollouts = groups.flatMap(({ row, rollouts: group }, place) =>
      group.map((rollout) => ({ ...recordOf(row, rollout), group: place, advantage: rollout.advantage })),
    );
    const states = solved.map((sample) => ({ sample, state: "solvable" }));
    this.#mind(this.#store.recordStep({ step, ...splitStepMetrics(metrics), rollouts, states }), step);
    this.#board.step({ step, metrics });
  }

  rollouts(purpose: "evaluation" | "probe", step: number, results: RowRollouts[]): void {
    const records = results.flatMap(({ row, rollouts }) =>
      rollouts.map((rollout) => ({ ...recordOf(row, rollout), group: row.index, advantage: null, compact: true })),
    );
    this.#mind(this.#store.recordRollouts(purpose, step, records), step);
  }

  evaluation(event: EvaluationEvent): void {
    this.#store.recordEvaluation(event);
    this.#board.evaluation(event);
  }

  probe(event: ProbeEvent): void {
    this.#store.recordProbe(event);
    this.#board.probe(event);
  }

  log(level: LogEvent["level"], message: string): void {
    process.stderr.write(`${new Date().toISOString()} ${level}: ${message}\n`);
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
