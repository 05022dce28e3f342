/** The numbers of one run, step by step, as far as they were written since somebody last asked. */
import { type CurveCursor, type CurvePart, MOST_STEPS } from "../../../schemas/curvesView.ts";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import type { StepRow } from "../../../schemas/run.ts";
import { readRunRecord } from "../../../server/store/runFolder.ts";
import { Liveness } from "../../stores/liveness.ts";
import { OpenStore } from "../../stores/openStore.ts";
import { hasStore } from "../../stores/storeReaders.ts";
import { episodeFacts, playedEpisodes } from "./episodes.ts";
import { referencesFor } from "./references.ts";

type Events = Pick<CurvePart, "evaluations" | "probes" | "rounds" | "references" | "episodes"> & { lastStep: number };

const NOTHING: Events = { lastStep: 0, evaluations: [], probes: [], rounds: [], references: [], episodes: null };

export class RunCurves implements Disposable {
  readonly #folder: string;
  #store: OpenStore | undefined;
  #version = -1;
  #events = NOTHING;
  readonly #liveness: Liveness;

  constructor(folder: string) {
    this.#folder = folder;
    this.#liveness = new Liveness(folder);
  }

  /** @throws InputError or an error of SQLite where record or store cannot be read */
  read(after: CurveCursor): CurvePart {
    const { state, experiment } = readRunRecord(this.#folder);
    const base = {
      state: this.#liveness.shown(state),
      plannedSteps: experiment.settings.steps,
    };
    const store = this.#opened();
    if (!store) {
      const episodes = episodeFacts(experiment, []);
      return {
        ...base,
        ...NOTHING,
        episodes,
        cursor: { revision: 0, step: 0 },
        more: false,
        from: 0,
        steps: [],
        series: {},
      };
    }
    // Read before the steps: what is written meanwhile is then found again the next time.
    const revision = store.groups.lastRevision();
    this.#refresh(store, experiment);
    const { lastStep } = this.#events;
    const anew = after.revision > revision || after.step > lastStep;
    // Who has read nothing yet starts at the beginning, whatever was written again: no need to look through all groups.
    const rewritten = anew || after.revision === 0 ? undefined : store.groups.firstStepSince(after.revision);
    const from = anew ? 0 : Math.min(rewritten ?? after.step + 1, after.step + 1);
    const rows = from > lastStep ? [] : store.rollouts.steps({ first: from, last: from + MOST_STEPS - 1 });
    const step = rows.at(-1)?.step ?? Math.min(after.step, lastStep);
    return {
      ...base,
      ...this.#events,
      cursor: { revision, step },
      more: rows.length > 0 && step < lastStep,
      from,
      steps: rows.map((row) => row.step),
      series: seriesOf(rows),
    };
  }

  [Symbol.dispose](): void {
    this.#store?.[Symbol.dispose]();
    this.#store = undefined;
  }

  #opened(): OpenStore | undefined {
    if (this.#store && !this.#store.current) {
      this[Symbol.dispose]();
      this.#version = -1;
      this.#events = NOTHING;
    }
    if (!this.#store && hasStore(this.#folder)) this.#store = new OpenStore(this.#folder);
    return this.#store;
  }

  /** Evaluations, probes and rounds are few, and most questions find that nothing was written. */
  #refresh({ groups, rollouts }: OpenStore, experiment: ResolvedExperiment): void {
    const version = groups.dataVersion();
    if (version === this.#version) return;
    const probes = rollouts.probeOutcomes();
    const evaluations = rollouts.evaluations();
    const episodes = episodeFacts(experiment, evaluations);
    this.#events = {
      lastStep: rollouts.counts().lastStep,
      evaluations: evaluations.map((one) => ({
        step: one.step,
        moment: one.moment,
        accuracy: one.accuracy,
        episodes: playedEpisodes(one, episodes?.tools ?? []),
      })),
      episodes,
      probes: probes.map(({ step, moment, hard, rows }) => ({ step, moment, hard, rows })),
      rounds: rollouts.rounds().map(({ round, step, hard }) => ({ round, step, hard })),
      references: referencesFor(experiment, probes),
    };
    this.#version = version;
  }
}

function seriesOf(rows: readonly StepRow[]): CurvePart["series"] {
  const series: CurvePart["series"] = {};
  for (const [index, { metrics, timings }] of rows.entries()) {
    for (const [name, value] of [...Object.entries(metrics), ...Object.entries(timings)]) {
      series[name] ??= new Array<number | null>(rows.length).fill(null);
      series[name][index] = value;
    }
  }
  return series;
}
