/** One view's questions about the runs that it compares (schemas/compareView.ts). Knows neither the editor nor threads. */
import {
  type CompareHostMessage,
  type CompareRequest,
  isCompareMessage,
  type Overview,
  type Pairing,
  type RowSource,
  type SamplesPage,
  type SamplesParams,
} from "../../../schemas/compareView.ts";
import { InputError } from "../../../schemas/problem.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import { RunCurves } from "../../curves/worker/runCurves.ts";
import { sentenceOf } from "../../stores/storeReaders.ts";
import { ComparedRun } from "./comparedRun.ts";
import { configurationDifference } from "./configuration.ts";
import { differingRows, pairingOf } from "./pairing.ts";

type Described = Overview["runs"][number];

export class CompareSession implements Disposable {
  readonly #post: (message: CompareHostMessage) => void;
  /** A view asks about the same few runs, so all of them stay open. */
  readonly #runs = new Map<string, ComparedRun>();
  readonly #curves = new Map<string, RunCurves>();

  constructor(post: (message: CompareHostMessage) => void) {
    this.#post = post;
  }

  /** Takes a message of the view, whatever it is. */
  receive(message: unknown): void {
    if (!isCompareMessage(message) || message.kind !== "request") return;
    try {
      this.#answer(message);
    } catch (error) {
      const { folder, cause } = error instanceof OfRun ? error : { folder: "", cause: error };
      this.#close(folder);
      this.#post({ kind: "refusal", id: message.id, code: "store", message: sentenceOf(cause, folder) });
    }
  }

  [Symbol.dispose](): void {
    for (const folder of [...this.#runs.keys(), ...this.#curves.keys()]) this.#close(folder);
  }

  #answer({ id, method, params }: CompareRequest): void {
    if (method === "overview") this.#post({ kind: "reply", id, method, result: this.#overview(params.runs) });
    else if (method === "samples") this.#post({ kind: "reply", id, method, result: this.#samples(params) });
    else {
      const result = ofRun(params.run, () => this.#curvesOf(params.run).read(params.after));
      this.#post({ kind: "reply", id, method, result });
    }
  }

  /** A run that cannot be read says so in its place, and the others are compared. */
  #overview(folders: readonly string[]): Overview {
    const runs = folders.map((folder) => this.#described(folder));
    const records = folders.map((folder, place) =>
      runs[place]?.problem === null ? this.#run(folder).record() : undefined,
    );
    const { rows, equal } = configurationDifference(records);
    const against = (source: RowSource) => folders.map((_, place) => this.#pairing(folders, records, place, source));
    return { runs, configuration: rows, equal, heldOut: against("heldOut"), training: against("training") };
  }

  #described(folder: string): Described {
    try {
      return this.#run(folder).describe();
    } catch (error) {
      this.#close(folder);
      const nothing = {
        state: null,
        lastStep: 0,
        plannedSteps: 0,
        heldOut: { before: null, newest: null },
        probed: null,
      };
      return { folder, problem: sentenceOf(error, folder), ...nothing };
    }
  }

  #pairing(
    folders: readonly string[],
    records: readonly (RunRecord | undefined)[],
    place: number,
    source: RowSource,
  ): Pairing | null {
    const [first, second] = [folders[0], folders[place]];
    if (place === 0 || first === undefined || second === undefined) return null;
    if (!records[0] || !records[place]) return { paired: null, note: null };
    return pairingOf(this.#run(first), this.#run(second), source);
  }

  #samples({ runs: [first, second], source, solvedBy, start, count }: SamplesParams): SamplesPage {
    const [a, b] = [this.#asked(first, source), this.#asked(second, source)];
    const differing = differingRows(a, b, solvedBy);
    const rows = differing.slice(start, start + count).map((row) => ({
      ...row,
      query: this.#run(first).query(source, row.sample) || this.#run(second).query(source, row.sample),
    }));
    return { total: differing.length, start, rows, steps: [a.step, b.step] };
  }

  #asked(folder: string, source: RowSource) {
    return ofRun(folder, () => {
      const asked = this.#run(folder).asked(source);
      if (!asked) throw new InputError("The run has not been asked these rows.");
      return asked;
    });
  }

  #run(folder: string): ComparedRun {
    const run = this.#runs.get(folder) ?? new ComparedRun(folder);
    this.#runs.set(folder, run);
    return run;
  }

  #curvesOf(folder: string): RunCurves {
    const curves = this.#curves.get(folder) ?? new RunCurves(folder);
    this.#curves.set(folder, curves);
    return curves;
  }

  #close(folder: string): void {
    this.#runs.get(folder)?.[Symbol.dispose]();
    this.#runs.delete(folder);
    this.#curves.get(folder)?.[Symbol.dispose]();
    this.#curves.delete(folder);
  }
}

/** What was thrown while a run was read. */
class OfRun extends Error {
  readonly folder: string;

  constructor(folder: string, cause: unknown) {
    super("", { cause });
    this.folder = folder;
  }
}

function ofRun<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new OfRun(folder, error);
  }
}
