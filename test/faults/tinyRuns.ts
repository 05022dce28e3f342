/** Runs of the smallest real policy, and the undisturbed one that every other is held against. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import type { TestContext } from "node:test";
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import { InputError } from "../../schemas/problem.ts";
import { RunReader } from "../../server/store/reader.ts";
import { assertSameRun } from "../../server/training/testing/compareRuns.ts";
import { ServedRun } from "../../server/training/testing/harness.ts";
import { tinyExperiment } from "../../server/training/testing/tinyPolicy.ts";
import { type HeldOptions, HeldServer } from "./heldServer.ts";

/** What a finished run's folder holds, besides the write-ahead log that a reader may have kept alive. */
const LEFT_BEHIND = ["checkpoints", "model", "run.json", "run.sqlite", "server.log"];
const MAY_STAY = new Set(["run.sqlite-wal", "run.sqlite-shm"]);

export class TinyRuns {
  readonly experiment: ResolvedExperiment;
  readonly undisturbed: ServedRun;
  /** From the undisturbed run's first server process to its end, milliseconds. */
  readonly duration: number;
  readonly #t: TestContext;

  private constructor(t: TestContext, experiment: ResolvedExperiment, undisturbed: ServedRun, duration: number) {
    this.#t = t;
    this.experiment = experiment;
    this.undisturbed = undisturbed;
    this.duration = duration;
  }

  static async of(t: TestContext, experiment = tinyExperiment(t)): Promise<TinyRuns> {
    const undisturbed = new ServedRun(t, experiment);
    const started = performance.now();
    const server = new HeldServer(undisturbed.folder);
    assert.deepEqual(await server.ended, { code: 0, signal: null }, "the undisturbed run ends well");
    return new TinyRuns(t, experiment, undisturbed, performance.now() - started);
  }

  /** Of each run, to its end. */
  get steps(): number {
    return this.experiment.settings.steps;
  }

  /** A run that has not begun. @param runs the folder it is made in, where that is not the experiment's */
  begun(runs = this.experiment.runs): ServedRun {
    return new ServedRun(this.#t, { ...this.experiment, runs });
  }

  /** Goes on with a run until it ends, and holds it against the undisturbed one. */
  async endsTheSame(run: ServedRun, options: HeldOptions = {}): Promise<void> {
    const server = new HeldServer(run.folder, options);
    const ended = await server.ended;
    assert.equal(run.record.state, "finished", run.record.message);
    assert.deepEqual(ended, { code: 0, signal: null });
    this.isTheSame(run);
  }

  /** Of a run that is finished. */
  isTheSame(run: ServedRun): void {
    {
      using reader = new RunReader(run.folder);
      assert.deepEqual(reader.events({ kind: "replay-difference", limit: 10 }), []);
    }
    assertSameRun(run.folder, this.undisturbed.folder);
    const left = readdirSync(run.folder).filter((name) => !MAY_STAY.has(name));
    assert.deepEqual(left.sort(), LEFT_BEHIND, "nothing half-written stays");
  }

  /** Of a run that nobody serves: steps that somebody was told of are in its store. */
  nothingLost(run: ServedRun, told: number): void {
    assert.ok(newestStep(run.folder) >= told, `step ${told} was told of, and ${newestStep(run.folder)} is on the disk`);
  }
}

/** Newest step in a run's store, 0 where there is none. */
export function newestStep(folder: string): number {
  try {
    using reader = new RunReader(folder);
    return reader.counts().lastStep;
  } catch (error) {
    if (error instanceof InputError && /nothing yet|nothing of a run yet/.test(error.message)) return 0;
    throw error;
  }
}
