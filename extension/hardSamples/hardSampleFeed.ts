/** The hard samples of one run, asked for again whenever that run has changed. */
import type * as vscode from "vscode";
import { isLive, type RunStatus } from "../status/runStatus.ts";
import type { Runs } from "../status/runs.ts";
import type { HardSamples } from "../training/messages.ts";

/** Rest between two questions, milliseconds: at least this, and so much longer than an answer took that the store is mostly left alone. */
const REST_MS = 1000;
const REST_PER_WORK = 19;

export interface Listed {
  run: RunStatus;
  /** Undefined before the first answer, and where the store cannot be read. */
  samples?: HardSamples;
  /** Why it cannot be read. */
  failure?: string;
}

export class HardSampleFeed implements vscode.Disposable {
  readonly #runs: Pick<Runs, "list" | "hardSamples">;
  readonly #changed: () => void;
  readonly #subscription: vscode.Disposable;
  /** The run that a person chose, and the runs there were then. */
  #chosen: { folder: string; among: ReadonlySet<string> } | undefined;
  #listed: Listed | undefined;
  /** The state of the run that was asked about last. */
  #asked = "";
  #busy = false;
  #disposed = false;
  #resting: NodeJS.Timeout | undefined;

  constructor(runs: Pick<Runs, "list" | "onDidChange" | "hardSamples">, changed: () => void) {
    this.#runs = runs;
    this.#changed = changed;
    this.#subscription = runs.onDidChange(() => this.#look());
    this.#look();
  }

  /** Undefined while there is no run. */
  get listed(): Listed | undefined {
    return this.#listed;
  }

  /** Stays with a run until a new one lives; without a word it is the live one, or else the newest. */
  choose(folder: string): void {
    this.#chosen = { folder, among: new Set(this.#runs.list.map((run) => run.folder)) };
    this.#look();
  }

  dispose(): void {
    this.#disposed = true;
    this.#subscription.dispose();
    clearTimeout(this.#resting);
  }

  #look(): void {
    const run = this.#run();
    if (run?.folder !== this.#listed?.run.folder) {
      this.#listed = run && { run };
      this.#asked = "";
      this.#changed();
    }
    if (run === undefined || this.#busy) return;
    const state = stateOf(run);
    if (state === this.#asked || (this.#resting !== undefined && this.#asked !== "")) return;
    this.#asked = state;
    void this.#ask(run);
  }

  #run(): RunStatus | undefined {
    const { list } = this.#runs;
    const chosen = this.#chosen;
    if (chosen && list.some((run) => isLive(run) && !chosen.among.has(run.folder))) this.#chosen = undefined;
    return list.find(({ folder }) => folder === this.#chosen?.folder) ?? list.find(isLive) ?? list[0];
  }

  async #ask(run: RunStatus): Promise<void> {
    this.#busy = true;
    const began = performance.now();
    let answer: Listed;
    try {
      answer = { run, samples: await this.#runs.hardSamples(run.folder) };
    } catch (error) {
      answer = { run, failure: error instanceof Error ? error.message : String(error) };
    }
    this.#busy = false;
    if (this.#disposed) return;
    if (this.#listed?.run.folder === run.folder) {
      this.#listed = answer;
      this.#changed();
    }
    clearTimeout(this.#resting);
    const rest = Math.max(REST_MS, REST_PER_WORK * (performance.now() - began));
    this.#resting = setTimeout(() => {
      this.#resting = undefined;
      this.#look();
    }, rest);
    this.#look();
  }
}

/** Whatever may have changed the rows: steps, edits that come with them, and what a probe or the choosing of few-shots has found so far. */
function stateOf({ folder, phase, details }: RunStatus): string {
  return JSON.stringify([folder, phase, details?.step, details?.hardRows, details?.activity, details?.progress]);
}
