/** Runs that lie beside the one that is looked at, for a comparison with one of them. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import type { NeighbourRun } from "../../../schemas/rolloutView.ts";
import { STORE_FILE } from "../../../server/store/database.ts";
import { readRunRecord } from "../../../server/store/runFolder.ts";
import { Dataset } from "../../stores/dataset.ts";
import { OpenStore } from "../../stores/openStore.ts";
import { ModelFiles } from "./modelFiles.ts";
import type { RunFacts } from "./runFacts.ts";

/** Runs that are offered, the newest. */
const most = 100;

export class Neighbours implements Disposable {
  readonly #dir: string;
  #open: { folder: string; facts: RunFacts } | undefined;

  /** @param dir folder of the run that is looked at */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Newest first; a folder that is no run, or cannot be read, is none. */
  list(): NeighbourRun[] {
    const around = dirname(this.#dir);
    const runs = readdirSync(around, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== basename(this.#dir))
      .filter(({ name }) => existsSync(join(around, name, STORE_FILE)))
      .flatMap(({ name }) => {
        try {
          const record = readRunRecord(join(around, name));
          return [{ folder: name, name: record.name, created: record.created }];
        } catch (error) {
          if (error instanceof InputError) return [];
          throw error;
        }
      });
    return runs.sort((a, b) => b.created.localeCompare(a.created)).slice(0, most);
  }

  /**
   * The run in a folder that the list has. One is kept open, the last that was asked for.
   *
   * @throws InputError where there is none of this name, or it cannot be read
   */
  facts(folder: string): RunFacts {
    if (this.#open?.folder === folder && this.#open.facts.store.current) return this.#open.facts;
    this[Symbol.dispose]();
    // A name that leads elsewhere is none of the list.
    if (!this.list().some((run) => run.folder === folder))
      throw new InputError("This run is no longer beside the one that is shown.");
    const dir = join(dirname(this.#dir), folder);
    const record = readRunRecord(dir);
    const dataset = new Dataset(record, dir);
    dataset.load();
    const facts: RunFacts = { store: new OpenStore(dir), record, dataset, model: new ModelFiles(record, dir) };
    this.#open = { folder, facts };
    return facts;
  }

  [Symbol.dispose](): void {
    this.#open?.facts.store[Symbol.dispose]();
    this.#open = undefined;
  }
}
