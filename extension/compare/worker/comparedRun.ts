/** One of the runs that are compared: its record, its results, and what came of each of its rows. */
import type { ComparedRun as Described, HeldOut, Probed, RowSource } from "../../../schemas/compareView.ts";
import type { EvaluationEvent, ProbeEvent } from "../../../schemas/protocol.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import { readRunRecord } from "../../../server/store/runFolder.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import { Dataset } from "../../stores/dataset.ts";
import { Liveness } from "../../stores/liveness.ts";
import { OpenStore } from "../../stores/openStore.ts";
import { hasStore } from "../../stores/storeReaders.ts";

const LONGEST_QUERY = 200;

/** Rows that were asked at a step, with the marks of their rollouts. */
export interface AskedRows {
  step: number;
  marks: ReadonlyMap<string, string>;
}

interface Results {
  lastStep: number;
  before: EvaluationEvent | undefined;
  newest: EvaluationEvent | undefined;
  probed: ProbeEvent | undefined;
}

const NOTHING: Results = { lastStep: 0, before: undefined, newest: undefined, probed: undefined };

export class ComparedRun implements Disposable {
  readonly folder: string;
  readonly #liveness: Liveness;
  #store: OpenStore | undefined;
  /** Of the store, as `#results` and `#asked` were read from it. */
  #version = -1;
  #results = NOTHING;
  readonly #asked = new Map<RowSource, AskedRows | undefined>();
  #dataset: Dataset | undefined;

  constructor(folder: string) {
    this.folder = folder;
    this.#liveness = new Liveness(folder);
  }

  /** @throws InputError where it cannot be read */
  record(): RunRecord {
    return readRunRecord(this.folder);
  }

  /** @throws InputError or an error of SQLite where record or store cannot be read */
  describe(): Described {
    const { state, experiment } = this.record();
    this.#refresh();
    const { lastStep, before, newest, probed } = this.#results;
    return {
      folder: this.folder,
      problem: null,
      state: this.#liveness.shown(state),
      lastStep,
      plannedSteps: experiment.settings.steps,
      heldOut: { before: before ? heldOutOf(before) : null, newest: newest ? heldOutOf(newest) : null },
      probed: probed ? probedOf(probed) : null,
    };
  }

  /**
   * What came of the rows; undefined where they were not asked.
   *
   * @throws as describe
   */
  asked(source: RowSource): AskedRows | undefined {
    this.#refresh();
    if (!this.#asked.has(source)) this.#asked.set(source, this.#read(source));
    return this.#asked.get(source);
  }

  /** The question of a row, shortened; empty where it is not known. */
  query(source: RowSource, sample: string): string {
    if (!this.#dataset) {
      this.#dataset = new Dataset(this.record(), this.folder);
      this.#dataset.load();
    }
    const phase = source === "heldOut" ? "evaluation" : "train";
    return plain(this.#dataset.sample(phase, sample)?.query ?? "", LONGEST_QUERY);
  }

  [Symbol.dispose](): void {
    this.#store?.[Symbol.dispose]();
    this.#store = undefined;
    this.#forget();
    this.#dataset = undefined;
  }

  #refresh(): void {
    if (this.#store && !this.#store.current) this[Symbol.dispose]();
    if (!this.#store && hasStore(this.folder)) this.#store = new OpenStore(this.folder);
    const version = this.#store?.groups.dataVersion() ?? -1;
    if (!this.#store || version === this.#version) return;
    this.#forget();
    const { rollouts } = this.#store;
    const evaluations = rollouts.evaluations();
    this.#results = {
      lastStep: rollouts.counts().lastStep,
      before: evaluations.find(({ moment }) => moment === "before"),
      newest: evaluations.at(-1),
      // A fast probe skips rows, so what it did not ask is not known.
      probed: rollouts.probeOutcomes().findLast(({ mode }) => mode === "full"),
    };
    this.#version = version;
  }

  #read(source: RowSource): AskedRows | undefined {
    const step = source === "heldOut" ? this.#results.newest?.step : this.#results.probed?.step;
    if (step === undefined || !this.#store) return undefined;
    const marks = this.#store.groups.marksAt(step, source === "heldOut" ? "evaluation" : "probe");
    return marks.size === 0 ? undefined : { step, marks };
  }

  #forget(): void {
    this.#version = -1;
    this.#results = NOTHING;
    this.#asked.clear();
  }
}

const heldOutOf = ({ step, moment, accuracy, truncated, malformed, categories }: EvaluationEvent): HeldOut => ({
  step,
  moment,
  accuracy,
  truncated,
  malformed,
  categories,
});

const probedOf = ({ step, moment, rows, hard }: ProbeEvent): Probed => ({ step, moment, rows, hard });
