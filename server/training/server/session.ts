/** One run from the start of its server to its end: store, engine, loop, checkpoints, and what is put on record of it. */
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { describe, InputError } from "../../../schemas/problem.ts";
import type { RecordedState } from "../../../schemas/run.ts";
import type { StoredEdit } from "../../store/curriculumRows.ts";
import { RunReader } from "../../store/reader.ts";
import { type RecordChanges, readRunRecord, updateRunRecord } from "../../store/runFolder.ts";
import { joinStepMetrics } from "../../store/stepMetrics.ts";
import { RunWriter } from "../../store/writer.ts";
import { type Checkpoint, cleanCheckpoints, latestCheckpoint, writeCheckpoint } from "../checkpoint.ts";
import type { Run } from "../context.ts";
import { type Control, Stopped } from "../control.ts";
import { type MemoryCut, MemoryGuard } from "../engine/memoryGuard.ts";
import type { PolicyEngine } from "../engine/policyEngine.ts";
import { RemoteEngine } from "../engine/remote/proxy.ts";
import { checkInputs } from "../inputs.ts";
import { optimizerStepsPerStep } from "../learning.ts";
import { loadData } from "../loadData.ts";
import { loopOf } from "../loops.ts";
import { StoredIncidents } from "../ownReward/incidents.ts";
import { fromCheckpoint, newProgress, saveProgress, toCheckpoint } from "../progress.ts";
import type { Dataset } from "../rows.ts";
import type { Board } from "./board.ts";
import { HandEdits } from "./handEdits.ts";
import { clearLeftovers } from "./leftovers.ts";
import { cutsInto, storedCuts } from "./memoryCuts.ts";
import { StoreRecorder } from "./recorder.ts";
import { ReplacementFolder } from "./replacementFolder.ts";
import { resultsOf } from "./results.ts";
import { engineOptions, supervise } from "./supervisor.ts";
import { TryDesk } from "./tryDesk.ts";

/** How a run ended. `fault` where it is a defect of ours and not the user's to mend. */
export interface Ending {
  state: Extract<RecordedState, "finished" | "stopped" | "failed">;
  message?: string;
  fault?: unknown;
}

export class Session {
  readonly #folder: string;
  readonly #experiment: ResolvedExperiment;
  readonly #control: Control;
  readonly #board: Board;
  #store!: RunWriter;
  #recorder!: StoreRecorder;
  #data!: Dataset;
  #edits!: HandEdits;
  #desk: TryDesk | undefined;
  #recordedEdits: StoredEdit[] = [];
  #memoryCuts: MemoryCut[] = [];
  #unwatch: (() => void) | undefined;
  #reproducible = false;

  constructor(folder: string, experiment: ResolvedExperiment, control: Control, board: Board) {
    this.#folder = folder;
    this.#experiment = experiment;
    this.#control = control;
    this.#board = board;
  }

  /** Runs to an end and puts it on record. Never throws. */
  async run(): Promise<Ending> {
    let ending: Ending;
    try {
      this.#open();
      await checkInputs(readRunRecord(this.#folder));
      this.#data = await loadData(this.#experiment, this.#incidents());
      this.#tellSteps(this.#data);
      this.#edits = this.#handEdits();
      this.#desk = this.#tryDesk(this.#edits);
      ending = await this.#train();
    } catch (error) {
      ending = failure(error);
    }
    this.#desk?.close();
    await this.#data?.episodes?.world.environment.dispose();
    try {
      this.#close(ending);
    } catch (error) {
      // The disk that ended the run may also keep its end from being put on record; the first reason is the one to tell.
      if (ending.state !== "failed") ending = failure(error);
    }
    return ending;
  }

  #open(): void {
    updateRunRecord(this.#folder, {
      state: "running",
      started: new Date().toISOString(),
      ended: undefined,
      message: undefined,
      defect: undefined,
    });
    clearLeftovers(this.#folder);
    cleanCheckpoints(this.#folder);
    this.#store = RunWriter.open(this.#folder);
    this.#recorder = new StoreRecorder(this.#store, this.#board, () => this.#reproducible);
    this.#recall();
  }

  /** What the run already knows of its reward's time-outs, which a replay has to meet again. */
  #incidents(): StoredIncidents {
    using reader = new RunReader(this.#folder);
    return new StoredIncidents(reader, this.#store, (sentence) => this.#recorder.log("warning", sentence));
  }

  /** What the board knew when an earlier server of this run ended. */
  #recall(): void {
    using reader = new RunReader(this.#folder);
    const { steps } = this.#experiment.settings;
    const { lastStep } = reader.counts();
    const [last] = reader.steps({ first: lastStep, last: lastStep });
    if (last) {
      const metrics = joinStepMetrics(last);
      const latest = { step: last.step, steps, metrics, secondsLeft: null };
      this.#board.change({ step: last.step, latest, hardRows: metrics.hardRows });
    }
    for (const event of reader.evaluations()) this.#board.evaluation(event);
    const { hardRows } = this.#board.snapshot;
    for (const event of reader.probeOutcomes()) if (event.moment === "before") this.#board.probe(event);
    for (const event of reader.rounds()) this.#board.round(event);
    if (hardRows !== null) this.#board.change({ hardRows });
    this.#recordedEdits = reader.edits();
    this.#memoryCuts = storedCuts(reader);
  }

  /** The data may end the run before the settings do. */
  #tellSteps({ steps }: Dataset): void {
    const { latest } = this.#board.snapshot;
    this.#board.change({ steps, latest: latest && { ...latest, steps } });
  }

  /** Files in replacements/, where the run takes edits; those on record in any case. */
  #handEdits(): HandEdits {
    const { settings, replacements } = this.#experiment;
    const folder = settings.curriculum.replacements ? new ReplacementFolder(replacements) : undefined;
    const edits = new HandEdits({
      folder,
      data: this.#data,
      batch: settings.sampling.promptsPerStep,
      mode: settings.curriculum.mode,
      recorded: this.#recordedEdits,
      newestStep: () => this.#board.snapshot.latest?.step ?? 0,
      record: (records) => this.#store.recordEdits(records),
      tell: (event) => this.#recorder.edit(event),
    });
    this.#board.offer = (files) => edits.offer(files);
    this.#unwatch = folder?.watch(() => edits.notice());
    return edits;
  }

  #tryDesk(edits: HandEdits): TryDesk {
    const desk = new TryDesk({
      experiment: this.#experiment,
      data: this.#data,
      control: this.#control,
      read: (file, text) => edits.read(file, text),
    });
    this.#board.desk = desk;
    return desk;
  }

  async #train(): Promise<Ending> {
    try {
      await supervise({
        start: () => this.#startEngine(),
        attempt: (engine) => this.#attempt(engine),
        newestStep: () => this.#board.snapshot.latest?.step ?? 0,
        lost: (error, crashes) => {
          this.#board.change({ enginePid: 0, activity: "recovering" });
          this.#store.recordEvent({
            step: this.#board.snapshot.step,
            kind: "engine-lost",
            key: null,
            data: { message: error.message, crashes },
          });
          this.#recorder.log("warning", `${error.message}; going on from the last checkpoint with a new one`);
        },
      });
      return { state: "finished" };
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      return {
        state: "stopped",
        message: `Stopped after step ${this.#board.snapshot.step}; resume it to go on from there.`,
      };
    }
  }

  async #startEngine(): Promise<RemoteEngine> {
    const { engine: earlier, plan } = readRunRecord(this.#folder);
    if (plan && earlier === undefined) {
      for (const sentence of [...this.#data.notes, plan.device?.why, plan.memory])
        if (sentence) this.#recorder.log("info", sentence);
    }
    const engine = await RemoteEngine.start(engineOptions(this.#experiment, plan));
    const same = earlier === undefined || JSON.stringify(earlier) === JSON.stringify(engine.info);
    if (!same) {
      const message =
        "The run goes on with another engine than it began with; it may come out differently than it would have";
      this.#recorder.log("warning", message);
      this.#store.recordEvent({
        step: this.#board.snapshot.step,
        kind: "engine-changed",
        key: null,
        data: { ...engine.info },
      });
    }
    this.#reproducible = same && engine.info.bitwiseReproducible;
    this.#board.change({ enginePid: engine.pid });
    updateRunRecord(this.#folder, { engine: engine.info });
    this.#recorder.log(
      "info",
      `The engine is process ${engine.pid} (${engine.info.architecture} on ${engine.info.device}, ${engine.info.runtime}); ` +
        `${engine.info.trained} parameters are trained, ${engine.info.parameters - engine.info.trained} are frozen`,
    );
    return engine;
  }

  /** The loop from the last checkpoint on, or from the beginning where there is none. */
  async #attempt(engine: RemoteEngine): Promise<void> {
    let saved = latestCheckpoint(this.#folder, (reason) => this.#recorder.log("warning", describe(reason)));
    if (saved) await engine.load(saved.dir);
    const progress = saved
      ? fromCheckpoint(saved, this.#experiment, this.#data, this.#edits.upTo(saved.step))
      : newProgress(this.#experiment, this.#data);
    const { hard } = progress.curriculum.book;
    this.#board.change({ step: progress.step, ...(hard === null ? {} : { hardRows: hard }) });
    const saveCheckpoint = async (): Promise<void> => {
      saved = await this.#save(run.engine, run, saved);
    };
    const run: Run = {
      folder: this.#folder,
      experiment: this.#experiment,
      data: this.#data,
      engine: this.#guarded(engine, progress, saved !== undefined),
      control: this.#control,
      recorder: this.#recorder,
      progress,
      edits: this.#edits,
      saveCheckpoint,
    };
    // A try is none of the run's calls, whose places say where memory ran out.
    this.#desk?.use({ ...run, engine });
    try {
      await loopOf(this.#experiment)(run);
    } catch (error) {
      if (error instanceof Stopped && progress.begun) await saveCheckpoint();
      throw error;
    } finally {
      this.#desk?.use(undefined);
    }
  }

  /** The run's calls go on where memory runs out. */
  #guarded(engine: RemoteEngine, progress: Run["progress"], resumed: boolean): MemoryGuard {
    const { plan } = readRunRecord(this.#folder);
    const { microBatchTokens, maxSequences } = engineOptions(this.#experiment, plan);
    const cuts = cutsInto(this.#memoryCuts, this.#store, (sentence) => this.#recorder.log("warning", sentence));
    return new MemoryGuard(engine, { microBatchTokens, maxSequences }, () => progress.step, resumed, cuts);
  }

  async #save(engine: PolicyEngine, run: Run, saved: Checkpoint | undefined): Promise<Checkpoint> {
    const state = toCheckpoint(run.progress, optimizerStepsPerStep(this.#experiment.settings));
    if (saved?.step === state.step && JSON.stringify(saved.state) === JSON.stringify(state.state)) return saved;
    this.#recorder.activity("saving");
    const { keep } = this.#experiment.settings.checkpoints;
    const dir = await writeCheckpoint(this.#folder, state, keep, async (aside) => {
      await engine.save(aside);
      saveProgress(aside, run.progress);
    });
    return { dir, ...state };
  }

  #close({ state, message, fault }: Ending): void {
    this.#unwatch?.();
    const changes: RecordChanges = {
      state,
      ended: new Date().toISOString(),
      message,
      defect: fault === undefined ? undefined : true,
      results: resultsOf(this.#board.snapshot),
    };
    try {
      this.#store?.close();
    } finally {
      updateRunRecord(this.#folder, changes);
    }
  }
}

function failure(error: unknown): Ending {
  if (error instanceof InputError) return { state: "failed", message: describe(error) };
  const what = error instanceof Error ? error.message : String(error);
  return {
    state: "failed",
    message: `A defect of ToolExpander ended the run: ${what}. server.log in the run folder has the details.`,
    fault: error,
  };
}
