/** Tells the server how often the newest run found tools and samples hard. */
import type * as vscode from "vscode";
import type { RunStatus } from "../status/runStatus.ts";
import type { Runs } from "../status/runs.ts";
import { nameText } from "../status/runText.ts";
import type { HardCounts } from "../training/messages.ts";

/** Rest between two counts, milliseconds: a run changes with every step, and a count reads its store. */
const REST_MS = 10_000;

export type HardCountsMessage = HardCounts & { run: string };

export class HardCountsFeed implements vscode.Disposable {
  readonly #runs: Pick<Runs, "list" | "hardCounts">;
  readonly #tell: (message: HardCountsMessage) => void;
  readonly #subscription: vscode.Disposable;
  /** What was counted last. */
  #counted = "";
  #resting: NodeJS.Timeout | undefined;

  constructor(runs: Pick<Runs, "list" | "onDidChange" | "hardCounts">, tell: (message: HardCountsMessage) => void) {
    this.#runs = runs;
    this.#tell = tell;
    this.#subscription = runs.onDidChange(() => this.#look());
    this.#look();
  }

  dispose(): void {
    this.#subscription.dispose();
    clearTimeout(this.#resting);
  }

  #look(): void {
    if (this.#resting !== undefined) return;
    const run = this.#runs.list.find(hasCounts);
    const state = run === undefined ? "" : JSON.stringify([run.folder, run.phase, run.details?.step]);
    if (run === undefined || state === this.#counted) return;
    this.#counted = state;
    this.#resting = setTimeout(() => {
      this.#resting = undefined;
      this.#look();
    }, REST_MS);
    // A run whose store cannot be read says so in the tree; here it only has no counts.
    this.#runs.hardCounts(run.folder).then(
      (counts) => this.#tell({ run: nameText(run), ...counts }),
      () => {},
    );
  }
}

const hasCounts = ({ details }: RunStatus): boolean =>
  details !== undefined && (details.step > 0 || details.probedRows !== undefined || details.hardRows !== undefined);
