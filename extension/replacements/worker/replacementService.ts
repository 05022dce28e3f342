/** What the worker does for the replacement editors. Knows neither the editor nor threads. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import type { EditUsedEvent } from "../../../schemas/protocol.ts";
import type { Candidate, History, Reading, Verdict } from "../../../schemas/replacementView.ts";
import type { TryEvent } from "../../../schemas/tries.ts";
import { STORE_FILE } from "../../../server/store/database.ts";
import { RunReader } from "../../../server/store/reader.ts";
import { readRunRecord } from "../../../server/store/runFolder.ts";
import type { FoundRun } from "../../../server/training/client/discover.ts";
import type { Draft, HardSample, OpenFile, TryParams, TryTaken } from "../messages.ts";
import { rankCandidates } from "./candidates.ts";
import { draftOf, hardSamples } from "./draft.ts";
import { historyOf } from "./history.ts";
import { Offers } from "./offer.ts";
import { Promotions } from "./promotions.ts";
import { readingOf } from "./reading.ts";
import { Tries } from "./tryEdit.ts";
import { newestRun, Workbooks } from "./workbook.ts";

/** A lock is held for milliseconds; milliseconds. */
const PATIENCE = 1000;
/** Looking for runs reads a folder and asks for processes, too much for every key that is pressed; milliseconds. */
const RUN_HOLDS = 2000;

export interface Told {
  tried(event: TryEvent): void;
  used(file: string, event: EditUsedEvent): void;
}

const NOBODY: Told = { tried: () => {}, used: () => {} };

export class ReplacementService {
  readonly #workbooks = new Workbooks();
  readonly #told: Told;
  readonly #offers: Offers;
  readonly #tries = new Tries();
  /** Rollouts as demonstrations for others. */
  readonly promotions = new Promotions({
    workbookOf: (run) => this.#workbookOf(run),
    workbookAround: (file, sample) => this.#workbooks.of(dirname(file), sample, this.#newestRun(file)),
    withStore,
  });
  #run: { folder: string; at: number; found: FoundRun | undefined } | undefined;

  constructor(told: Told = NOBODY) {
    this.#told = told;
    this.#offers = new Offers({
      recorded: ({ folder }, name) =>
        withStore(folder, (reader) => reader.edits().findLast((edit) => edit.file === name)),
      used: told.used,
    });
  }

  hardSamples(run: string): HardSample[] {
    const workbook = this.#workbookOf(run);
    return withStore(run, (reader) => hardSamples(reader, workbook)) ?? [];
  }

  draft(run: string, sample: string): Draft {
    const workbook = this.#workbookOf(run);
    const draft = (reader?: RunReader): Draft => draftOf(reader, workbook, sample);
    return withStore(run, draft) ?? draft();
  }

  read(open: OpenFile): Reading {
    const run = this.#newestRun(open.file);
    return readingOf(open, {
      run,
      progress: ({ folder }, sample) =>
        withStore(folder, (reader) => ({
          step: reader.counts().lastStep,
          state: reader.sampleStates().find((one) => one.sample === sample)?.state ?? null,
        })) ?? { step: 0, state: null },
      workbook: (replacements, sample) => this.#workbooks.of(replacements, sample, run),
    });
  }

  /** @throws InputError where the samples cannot be read */
  candidates(open: OpenFile, search: string): { candidates: Candidate[]; total: number } {
    const { edit } = this.read(open);
    if (!edit) return { candidates: [], total: 0 };
    const run = this.#newestRun(open.file);
    const { samples, demonstrations } = this.#workbooks.of(dirname(open.file), edit.sample, run);
    const row = samples.get(edit.sample);
    if (!row) return { candidates: [], total: 0 };
    const taken = new Set(edit.demonstrations.map(({ query }) => query));
    return rankCandidates(row, [...samples.values(), ...demonstrations], taken, search);
  }

  history(open: OpenFile): History {
    const run = this.#newestRun(open.file);
    try {
      return (run && withStore(run.folder, (reader) => historyOf(open, reader))) ?? historyOf(open, undefined);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { ...historyOf(open, undefined), problem: error.message };
    }
  }

  offer(file: string, text: string | null): Promise<Verdict> {
    this.#run = undefined;
    return this.#offers.make(this.#newestRun(file), file, text);
  }

  /** @throws InputError where the run cannot be asked */
  try(params: TryParams): Promise<TryTaken> {
    this.#run = undefined;
    return this.#tries.begin(this.#newestRun(params.file), params, this.#told.tried);
  }

  async cancelTry(id: string): Promise<null> {
    await this.#tries.cancel(id);
    return null;
  }

  /** @param run its folder */
  #workbookOf(run: string) {
    const record = readRunRecord(run);
    const { replacements } = record.experiment;
    return this.#workbooks.of(replacements, "", { folder: run, id: record.id, record, live: false });
  }

  #newestRun(file: string): FoundRun | undefined {
    const folder = dirname(file);
    const now = performance.now();
    if (this.#run?.folder !== folder || now - this.#run.at > RUN_HOLDS) {
      this.#run = { folder, at: now, found: newestRun(folder) };
    }
    return this.#run?.found;
  }
}

/** Undefined where nothing is stored yet. */
function withStore<T>(run: string, read: (reader: RunReader) => T): T | undefined {
  if (!existsSync(join(run, STORE_FILE))) return undefined;
  using reader = new RunReader(run, PATIENCE);
  return read(reader);
}
