/** A run as the worker sees it: record, samples, store and index, brought up to date on demand. */
import type { GroupRow, RunHeader } from "../../../schemas/rolloutView.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import { Dataset } from "../../stores/dataset.ts";
import { Liveness } from "../../stores/liveness.ts";
import { OpenStore } from "../../stores/openStore.ts";
import { RecordFile } from "../../stores/recordFile.ts";
import { hasStore } from "../../stores/storeReaders.ts";
import { type GroupChanges, GroupIndex } from "./groupIndex.ts";
import { toolsOf, toRow } from "./groupRow.ts";
import { ModelFiles } from "./modelFiles.ts";
import type { RunFacts } from "./runFacts.ts";
import { headerOf, nothingStored, type StoreSummary, summarize } from "./runHeader.ts";

/** Samples of more bytes than this are read after the first rows are shown. */
const readAtOnce = 2_000_000;
/** Groups that are read before the worker looks at its messages again, while nobody waits for them. */
const readAhead = 8192;

export interface Refreshed extends GroupChanges {
  /** Everything that was known is void: another file lies where the store was. */
  anew: boolean;
}

/** The end of a run as a list of everything begins with it, newest first. */
export interface FirstLook {
  groups: StoredGroup[];
  /** Of the whole run. */
  sizes: { groups: number; rollouts: number };
}

export class RunOnDisk implements Disposable {
  readonly dir: string;
  index = new GroupIndex();
  dataset: Dataset | undefined;
  #store: OpenStore | undefined;
  #dataVersion = -1;
  readonly #record: RecordFile;
  readonly #liveness: Liveness;
  #stored = nothingStored;
  #storedAt: number | undefined;
  #nextSummary = 0;
  #model: ModelFiles | undefined;

  constructor(dir: string) {
    this.dir = dir;
    this.#record = new RecordFile(dir);
    this.#liveness = new Liveness(dir);
  }

  /** Undefined while nothing is stored. */
  get store(): OpenStore | undefined {
    return this.#store;
  }

  /**
   * Reads what is new. Undefined where nothing is.
   * @throws InputError or an error of SQLite where the store cannot be read
   */
  refresh(): Refreshed | undefined {
    const anew = this.#store !== undefined && !this.#store.current;
    if (anew) this.forget();
    const store = this.#opened();
    if (!store) return anew ? { added: [], replaced: [], removed: [], anew } : undefined;
    const version = store.groups.dataVersion();
    if (version === this.#dataVersion) return undefined;
    const changes = this.index.update(store.groups);
    this.#dataVersion = version;
    return { ...changes, anew };
  }

  /** Whether all groups were read once. */
  get isRead(): boolean {
    return this.#dataVersion !== -1;
  }

  /**
   * Reads some of what the first refresh will need, so that it takes less long. False once nothing of it is left.
   * @throws as refresh
   */
  readAhead(): boolean {
    const store = this.isRead ? undefined : this.#opened();
    if (!store) return false;
    this.readSamples(false);
    return this.index.update(store.groups, readAhead).added.length >= readAhead;
  }

  /**
   * The newest groups, and how many there are, from the store itself: before all of them have been read. Undefined while nothing is stored.
   * @throws as refresh
   */
  firstLook(count: number): FirstLook | undefined {
    const groups = this.#opened()?.groups;
    return groups && { groups: groups.newest(count), sizes: groups.sizes() };
  }

  /** Lets go of the store; the next refresh opens it again and reads everything. */
  forget(): void {
    this.#store?.[Symbol.dispose]();
    this.#store = undefined;
    this.#dataVersion = -1;
    this.index = new GroupIndex();
    this.#stored = nothingStored;
    this.#storedAt = undefined;
    this.dataset = undefined;
    this.#model = undefined;
  }

  /** What is known of the curriculum, as of the last header. */
  get stored(): StoreSummary {
    return this.#stored;
  }

  /** Reads the samples, where they are few or `patient`. True where they are known now and were not before. */
  readSamples(patient: boolean): boolean {
    const record = this.record();
    if (this.dataset || !record) return false;
    const { train, heldOut } = record.experiment;
    const bytes = record.inputs.filter(({ file }) => file === train || file === heldOut).map((input) => input.bytes);
    if (!patient && bytes.reduce((sum, one) => sum + one, 0) > readAtOnce) return false;
    this.dataset = new Dataset(record, this.dir);
    this.dataset.load();
    return true;
  }

  /** As it lies on the disk now; undefined where it cannot be read. */
  record(): RunRecord | undefined {
    return this.#record.read();
  }

  header(): RunHeader {
    const record = this.record();
    this.#summarize();
    return headerOf(this.dir, record, this.#liveness, this.#stored, this.index, this.dataset?.goldTools ?? []);
  }

  /** Undefined while nothing is stored. */
  get facts(): RunFacts | undefined {
    const record = this.record();
    if (record && !this.#model) this.#model = new ModelFiles(record, this.dir);
    return this.#store && { store: this.#store, record, dataset: this.dataset, model: this.#model };
  }

  /** @param rollout of the completion that the row is; undefined for the group as a whole */
  row(group: StoredGroup, rollout?: number): GroupRow {
    return toRow({
      group,
      rollout,
      dataset: this.dataset,
      store: this.#store,
      state: this.#stored.states.get(group.sample),
    });
  }

  /** Tools of the gold calls, then others that were called. */
  tools(group: StoredGroup): readonly string[] {
    return toolsOf(group, this.dataset);
  }

  /** Whether the text is in the id of a group's sample or in its query, in any case: asked once for each sample. */
  mentions(text: string): (group: StoredGroup) => boolean {
    const needle = text.toLowerCase();
    const known = { train: new Map<string, boolean>(), evaluation: new Map<string, boolean>() };
    return ({ phase, sample }) => {
      const answers = known[phase === "evaluation" ? "evaluation" : "train"];
      let answer = answers.get(sample);
      if (answer === undefined) {
        const texts = [sample, this.dataset?.sample(phase, sample)?.query ?? ""];
        answer = texts.some((one) => one.toLowerCase().includes(needle));
        answers.set(sample, answer);
      }
      return answer;
    };
  }

  [Symbol.dispose](): void {
    this.#store?.[Symbol.dispose]();
    this.#store = undefined;
  }

  #opened(): OpenStore | undefined {
    if (!this.#store && hasStore(this.dir)) this.#store = new OpenStore(this.dir);
    return this.#store;
  }

  /** States of all samples take longer the more there are, so they get a twentieth of the time. */
  #summarize(): void {
    const now = performance.now();
    if (!this.#store || this.#storedAt === this.#dataVersion || now < this.#nextSummary) return;
    this.#stored = summarize(this.#store);
    this.#storedAt = this.#dataVersion;
    this.#nextSummary = performance.now() + 20 * (performance.now() - now);
  }
}
