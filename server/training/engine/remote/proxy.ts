/** A PolicyEngine whose work is done in a child process: the training server holds this side and never computes. */
import { type ChildProcess, fork } from "node:child_process";
import {
  type CancellationToken,
  CancellationTokenSource,
  createMessageConnection,
  type Disposable,
  IPCMessageReader,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import type { TrainingDevice } from "../../../../schemas/devices.ts";
import { entryPoint } from "../../entryPoint.ts";
import { cleanEnvironment, NODE_OPTIONS_OF_OURS } from "../../nodeProcess.ts";
import { IpcWriter } from "../../writers.ts";
import { cudaEnvironment } from "../onnx/cuda/supportFolder.ts";
import { requireEngine } from "../onnx/requireEngine.ts";
import type {
  Completion,
  EngineInfo,
  EngineLimits,
  Group,
  PolicyEngine,
  Prompt,
  Sampling,
  UpdateMetrics,
  UpdateRequest,
} from "../policyEngine.ts";
import { checkDrawn } from "./checkDrawn.ts";
import { checkMetrics, checkPerToken } from "./checkPerToken.ts";
import { EngineLost, fromResponse, isDeviceLost } from "./errors.ts";
import {
  Create,
  Dispose,
  Drawn,
  type DrawnCompletion,
  ENGINE_MODULE,
  type EngineOptions,
  ExportAdapter,
  ExportModel,
  Generate,
  Limit,
  Load,
  Logprobs,
  Save,
  Update,
  Values,
} from "./messages.ts";

/** How long an engine that was asked to end may take before it is killed, milliseconds. */
const DISPOSE_MS = 5000;

export class RemoteEngine implements PolicyEngine {
  readonly info: EngineInfo;
  /** Process id of the engine, for the log and for whoever has to kill it. */
  readonly pid: number;
  readonly #process: EngineProcess;
  #calls = 0;

  private constructor(info: EngineInfo, engineProcess: EngineProcess) {
    this.info = info;
    this.#process = engineProcess;
    this.pid = engineProcess.pid;
  }

  /** Starts the process and makes the engine in it. Throws InputError where model or device will not do, EngineLost where it dies. */
  static async start(options: EngineOptions): Promise<RemoteEngine> {
    if (!process.env[ENGINE_MODULE]) requireEngine();
    const engineProcess = new EngineProcess(options.device);
    try {
      const info = await engineProcess.call((connection, token) => connection.sendRequest(Create, options, token));
      return new RemoteEngine(info, engineProcess);
    } catch (error) {
      engineProcess.kill();
      throw error;
    }
  }

  async *generate(prompts: Prompt[], n: number, sampling: Sampling, signal?: AbortSignal): AsyncGenerator<Completion> {
    const call = ++this.#calls;
    const drawn: DrawnCompletion[] = [];
    let wake = (): void => {};
    const subscription = this.#process.onDrawn((message) => {
      if (message.call === call) drawn.push(message);
      wake();
    });
    let ended = false;
    const leaving = new AbortController();
    const answer = this.#process
      .call(
        (connection, token) => connection.sendRequest(Generate, { call, prompts, n, sampling }, token),
        signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal,
      )
      .finally(() => {
        ended = true;
        wake();
      });
    answer.catch(() => {}); // awaited below; a consumer that leaves early must not leave a rejection behind
    try {
      for (;;) {
        for (const { completion } of drawn.splice(0)) {
          yield checkDrawn(completion, prompts.length, n, sampling.maxNewTokens);
        }
        if (ended) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (ended || drawn.length > 0) resolve();
        });
      }
      await answer;
    } finally {
      subscription.dispose();
      if (!ended) leaving.abort();
    }
  }

  async logprobs(
    groups: Group[],
    policy: "current" | "reference",
    temperature: number,
    signal?: AbortSignal,
  ): Promise<Float32Array[][]> {
    const found = await this.#process.call(
      (connection, token) => connection.sendRequest(Logprobs, { groups, policy, temperature }, token),
      signal,
    );
    return checkPerToken(found, groups, "log-probabilities");
  }

  async values(groups: Group[], signal?: AbortSignal): Promise<Float32Array[][]> {
    const found = await this.#process.call(
      (connection, token) => connection.sendRequest(Values, { groups }, token),
      signal,
    );
    return checkPerToken(found, groups, "values");
  }

  async update(request: UpdateRequest, signal?: AbortSignal): Promise<UpdateMetrics> {
    const metrics = await this.#process.call(
      (connection, token) => connection.sendRequest(Update, request, token),
      signal,
    );
    return checkMetrics(metrics, request.groups);
  }

  async limit(limits: EngineLimits): Promise<void> {
    await this.#process.call((connection, token) => connection.sendRequest(Limit, limits, token));
  }

  async save(dir: string): Promise<void> {
    await this.#process.call((connection, token) => connection.sendRequest(Save, { dir }, token));
  }

  async load(dir: string): Promise<void> {
    await this.#process.call((connection, token) => connection.sendRequest(Load, { dir }, token));
  }

  async exportModel(dir: string, dtype: "f32" | "bf16"): Promise<void> {
    await this.#process.call((connection, token) => connection.sendRequest(ExportModel, { dir, dtype }, token));
  }

  async exportAdapter(dir: string): Promise<void> {
    await this.#process.call((connection, token) => connection.sendRequest(ExportAdapter, { dir }, token));
  }

  async dispose(): Promise<void> {
    const timer = setTimeout(() => this.#process.kill(), DISPOSE_MS);
    try {
      await this.#process.call((connection, token) => connection.sendRequest(Dispose, token));
    } catch (error) {
      if (!(error instanceof EngineLost)) throw error;
    } finally {
      clearTimeout(timer);
      await this.#process.end();
    }
  }
}

/** The child process and its connection. Every call ends in an answer or in EngineLost. */
class EngineProcess {
  readonly pid: number;
  readonly #connection: MessageConnection;
  readonly #child: ChildProcess;
  readonly #gone: Promise<EngineLost>;
  #lost: EngineLost | undefined;

  constructor(device: TrainingDevice) {
    const environment = cleanEnvironment();
    this.#child = fork(entryPoint("engine"), [], {
      serialization: "advanced",
      env: device === "cuda" ? cudaEnvironment(environment) : environment,
      execArgv: NODE_OPTIONS_OF_OURS,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.pid = this.#child.pid ?? 0;
    this.#gone = new Promise((resolve) => {
      const lose = (how: string): void => {
        this.#lost ??= new EngineLost(`The engine process ${how}`);
        resolve(this.#lost);
      };
      this.#child.once("exit", (code, signal) =>
        lose(signal ? `was ended by ${signal}` : `ended by itself with exit code ${code}`),
      );
      this.#child.once("error", (error) => lose(`could not be started or reached: ${error.message}`));
    });
    this.#connection = createMessageConnection(new IPCMessageReader(this.#child), new IpcWriter(this.#child));
    this.#connection.onError(() => {}); // the exit that follows is what is reported
    this.#connection.listen();
  }

  async call<T>(
    send: (connection: MessageConnection, token: CancellationToken) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    if (this.#lost) throw this.#lost;
    signal?.throwIfAborted();
    const source = new CancellationTokenSource();
    const cancel = (): void => source.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      const answer = send(this.#connection, source.token).catch((error: unknown) => {
        throw this.#lost ?? this.#afterLosing(fromResponse(error));
      });
      const outcome = await Promise.race([answer.then((value) => ({ value })), this.#gone.then((lost) => ({ lost }))]);
      if ("lost" in outcome) {
        answer.catch(() => {});
        throw outcome.lost;
      }
      return outcome.value;
    } finally {
      signal?.removeEventListener("abort", cancel);
      source.dispose();
    }
  }

  /** No call succeeds any more on a device that was lost: it takes another process to open it again. */
  #afterLosing(error: Error): Error {
    if (!isDeviceLost(error)) return error;
    this.#lost = new EngineLost("The device was lost: its driver was reset or updated, or it was unplugged");
    this.kill();
    return this.#lost;
  }

  /** Throws EngineLost where there is no process to hear from any more. */
  onDrawn(listener: (message: DrawnCompletion) => void): Disposable {
    if (this.#lost) throw this.#lost;
    return this.#connection.onNotification(Drawn, listener);
  }

  /** Lets the child see its channel close, and waits until it is gone. */
  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.kill(), DISPOSE_MS);
    await this.#gone;
    clearTimeout(timer);
    this.#connection.dispose();
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
