/** The extension host's end of the training worker. Starts the worker again where it dies, within reason. */
import { Worker } from "node:worker_threads";
import {
  type CancellationToken,
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  PortMessageReader,
  PortMessageWriter,
  type RequestParam,
  type RequestType,
} from "vscode-jsonrpc/node";
import type { CheckedDevice, DeviceDecision, DeviceReport } from "../../schemas/devices.ts";
import { fromResponse } from "../../server/training/engine/remote/errors.ts";
import {
  type AskEditor,
  AskModel,
  FollowJudging,
  GiveJudgeKey,
  JudgingChanged,
  type JudgingStatus,
  OfferJudge,
  WithdrawJudge,
} from "../judging/messages.ts";
import type { RunStatus } from "../status/runStatus.ts";
import type {
  CachedModels,
  HardCounts,
  HardSamples,
  ResumeParams,
  SampleEvent,
  Sources,
  StartParams,
  StartPhase,
  StartResult,
  WorkerSetup,
} from "./messages.ts";
import {
  CheckDevices,
  CountHard,
  DeviceReported,
  DeviceStage,
  ListHard,
  ListModels,
  Look,
  PauseOnHard,
  PauseRun,
  ResumeRun,
  RunsChanged,
  StartPhaseChanged,
  StartRun,
  StopRun,
  TellHard,
  Trouble,
} from "./messages.ts";

/** Deaths within the time that end the attempts. */
const MOST_DEATHS = 3;
const DEATHS_MS = 300_000;

/** Told while devices are tested. */
export interface CheckListener {
  stage?: (told: { device: CheckedDevice; stage: string }) => void;
  report?: (report: DeviceReport) => void;
}

export interface TrainingListeners {
  runs(runs: RunStatus[]): void;
  phase(phase: StartPhase): void;
  /** Something that should not have happened; the work goes on. */
  trouble(message: string): void;
  /** The worker is gone and stays so. */
  gone(message: string): void;
  /** What waits for a judge, or has one, and how it goes. */
  judging?(list: JudgingStatus[]): void;
  /** A question for a model of the editor. Never rejects. */
  askModel?: AskEditor;
}

export class TrainingClient {
  readonly #program: string;
  readonly #setup: WorkerSetup;
  readonly #listeners: TrainingListeners;
  readonly #deaths: number[] = [];
  #live: { worker: Worker; connection: MessageConnection } | undefined;
  #sources: Sources = { experiments: [], records: [] };
  #judged: string[] = [];
  #disposed = false;
  #checks = 0;
  readonly #checking = new Map<number, CheckListener>();

  /** @param program path of the worker's bundle */
  constructor(program: string, setup: WorkerSetup, listeners: TrainingListeners) {
    this.#program = program;
    this.#setup = setup;
    this.#listeners = listeners;
  }

  look(sources: Sources): Promise<RunStatus[]> {
    this.#sources = sources;
    return this.#ask(Look, sources);
  }

  start(params: StartParams): Promise<StartResult> {
    return this.#ask(StartRun, params);
  }

  resume(params: ResumeParams): Promise<StartResult> {
    return this.#ask(ResumeRun, params);
  }

  async pause(folder: string): Promise<void> {
    await this.#ask(PauseRun, { folder });
  }

  /** Whether the run is to pause where a probe finds the next hard row. Answers whether it will, or else why not. */
  pauseOnHard(folder: string, on: boolean): Promise<{ on: boolean; reason: string | null }> {
    return this.#ask(PauseOnHard, { folder, on });
  }

  async stop(folder: string): Promise<void> {
    await this.#ask(StopRun, { folder });
  }

  hardCounts(folder: string): Promise<HardCounts> {
    return this.#ask(CountHard, { folder });
  }

  hardSamples(folder: string): Promise<HardSamples> {
    return this.#ask(ListHard, { folder });
  }

  hardHistory(folder: string, sample: string): Promise<SampleEvent[]> {
    return this.#ask(TellHard, { folder, sample });
  }

  models(): Promise<CachedModels> {
    return this.#ask(ListModels, {});
  }

  /** Files of processes that have trajectories judged; `judging` is told of them from here on. */
  followJudging(files: string[]): Promise<JudgingStatus[]> {
    this.#judged = files;
    return this.#ask(FollowJudging, { files });
  }

  /** From here on the process's questions come to `askModel`. */
  async offerJudge(file: string): Promise<void> {
    await this.#ask(OfferJudge, { file });
  }

  /** @returns why the key is not taken; null where it is */
  giveJudgeKey(file: string, key: string): Promise<string | null> {
    return this.#ask(GiveJudgeKey, { file, key });
  }

  async withdrawJudge(file: string): Promise<void> {
    await this.#ask(WithdrawJudge, { file });
  }

  /** Settles with what "auto" would take. Rejects with an AbortError where the signal says so. */
  async checkDevices(
    devices: CheckedDevice[] | undefined,
    signal: AbortSignal,
    listener: CheckListener,
  ): Promise<DeviceDecision> {
    const check = ++this.#checks;
    const source = new CancellationTokenSource();
    const cancel = (): void => source.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    this.#checking.set(check, listener);
    try {
      signal.throwIfAborted();
      return await this.#ask(CheckDevices, { check, ...(devices ? { devices } : {}) }, source.token);
    } finally {
      signal.removeEventListener("abort", cancel);
      this.#checking.delete(check);
      source.dispose();
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#end();
  }

  async #ask<P, R>(request: RequestType<P, R, unknown>, params: P, token?: CancellationToken): Promise<R> {
    if (this.#disposed) throw new DOMException("The window is closing", "AbortError");
    this.#live ??= this.#begin();
    try {
      return await this.#live.connection.sendRequest(request, params as RequestParam<P>, token);
    } catch (error) {
      if (this.#disposed) throw new DOMException("The window is closing", "AbortError");
      throw fromResponse(error);
    }
  }

  #begin(): { worker: Worker; connection: MessageConnection } {
    // The host's own options, as a debugger's, are not the worker's.
    const worker = new Worker(this.#program, { workerData: this.#setup, execArgv: [], name: "toolexpander-training" });
    const connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
    connection.onNotification(RunsChanged, (runs) => this.#listeners.runs(runs));
    connection.onNotification(StartPhaseChanged, (phase) => this.#listeners.phase(phase));
    connection.onNotification(DeviceStage, ({ check, ...told }) => this.#checking.get(check)?.stage?.(told));
    connection.onNotification(DeviceReported, ({ check, report }) => this.#checking.get(check)?.report?.(report));
    connection.onNotification(JudgingChanged, (list) => this.#listeners.judging?.(list));
    connection.onRequest(AskModel, (params, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return (
        this.#listeners.askModel?.(params, controller.signal) ?? { kind: "declined", reason: "no model is offered" }
      );
    });
    connection.onNotification(Trouble, (message) => this.#listeners.trouble(message));
    connection.listen();
    let why = "";
    worker.once("error", (error: unknown) => {
      why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    worker.once("exit", (code) => {
      if (this.#live?.worker === worker) this.#died(why || `exit code ${code}`);
    });
    return { worker, connection };
  }

  #died(why: string): void {
    this.#end();
    // Its connections went with it: a window that judged has to offer itself again.
    if (this.#judged.length > 0) this.#listeners.judging?.([]);
    const now = performance.now();
    this.#deaths.push(now);
    if (this.#deaths.filter((death) => now - death < DEATHS_MS).length >= MOST_DEATHS) {
      this.#listeners.gone(why);
      return;
    }
    this.#listeners.trouble(`The training worker died and is started again: ${why}`);
    this.look(this.#sources).catch(() => {}); // its next death is told as this one was
    if (this.#judged.length > 0) this.followJudging(this.#judged).catch(() => {});
  }

  /** Requests that are under way are rejected. */
  #end(): void {
    const live = this.#live;
    this.#live = undefined;
    if (!live) return;
    live.connection.dispose();
    void live.worker.terminate();
  }
}
