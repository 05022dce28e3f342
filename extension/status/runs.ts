/** The runs of the workspace: what the worker knows of them, kept for the views, and its service for the commands. */
import * as vscode from "vscode";
import type { CheckedDevice, DeviceDecision } from "../../schemas/devices.ts";
import { inBackground } from "../failures.ts";
import type { JudgingStatus } from "../judging/messages.ts";
import { allowedFolders, nodePath } from "../settings.ts";
import type {
  CachedModels,
  HardCounts,
  HardSamples,
  SampleEvent,
  StartParams,
  StartPhase,
  StartResult,
} from "../training/messages.ts";
import { type CheckListener, TrainingClient, type TrainingListeners } from "../training/trainingClient.ts";
import { requireTrust } from "../trust.ts";
import { alarm } from "../window.ts";
import { WorkspaceFiles } from "../workspace/workspaceFiles.ts";
import type { RunStatus } from "./runStatus.ts";

export class Runs implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #client: TrainingClient;
  readonly #files: WorkspaceFiles;
  readonly #changed = new vscode.EventEmitter<readonly RunStatus[]>();
  readonly #phase = new vscode.EventEmitter<StartPhase>();
  readonly #judging = new vscode.EventEmitter<readonly JudgingStatus[]>();
  #runs: readonly RunStatus[] = [];
  #askModel: TrainingListeners["askModel"];

  /** Told after every change of any run. */
  readonly onDidChange = this.#changed.event;
  /** What the worker is doing about a start. */
  readonly onDidChangeStartPhase = this.#phase.event;
  /** Told after every change of what waits for a judge, or has one. */
  readonly onDidChangeJudging = this.#judging.event;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#log = log;
    const setup = {
      extension: context.extensionPath,
      storage: vscode.Uri.joinPath(context.globalStorageUri, "trainingServer").fsPath,
      version: String(context.extension.packageJSON.version),
    };
    this.#client = new TrainingClient(context.asAbsolutePath("dist/trainingWorker.js"), setup, {
      runs: (runs) => this.#take(runs),
      phase: (phase) => this.#phase.fire(phase),
      trouble: (message) => log.error(message),
      gone: (message) => this.#workerGone(message),
      judging: (list) => this.#judging.fire(list),
      askModel: async (params, signal) =>
        (await this.#askModel?.(params, signal)) ?? { kind: "declined", reason: "No model is offered." },
    });
    this.#files = new WorkspaceFiles(() => inBackground(this.look(), log));
  }

  /** As they were last told, newest first. */
  get list(): readonly RunStatus[] {
    return this.#runs;
  }

  get experiments(): readonly vscode.Uri[] {
    return this.#files.experiments;
  }

  find(folder: string): RunStatus | undefined {
    return this.#runs.find((run) => run.folder === folder);
  }

  /** Looks for experiments and runs now, and settles when every server that was found has answered. */
  async look(): Promise<readonly RunStatus[]> {
    const sources = await this.#files.look();
    await vscode.commands.executeCommand("setContext", "toolexpander.experiments", sources.experiments.length);
    this.#take(await this.#client.look(sources));
    return this.#runs;
  }

  async start(params: Omit<StartParams, "nodePath" | "allow">): Promise<StartResult> {
    requireTrust();
    return this.#client.start({ ...params, allow: allowedFolders(), ...nodePath() });
  }

  async resume(folder: string): Promise<StartResult> {
    requireTrust();
    return this.#client.resume({ folder, ...nodePath() });
  }

  pause(folder: string): Promise<void> {
    return this.#client.pause(folder);
  }

  /** Whether the run is to pause where a probe finds the next hard row. Answers whether it will, or else why not. */
  pauseOnHard(folder: string, on: boolean): Promise<{ on: boolean; reason: string | null }> {
    return this.#client.pauseOnHard(folder, on);
  }

  stop(folder: string): Promise<void> {
    return this.#client.stop(folder);
  }

  /** What answers the questions of processes that this window judges for. */
  answerWith(askModel: TrainingListeners["askModel"]): void {
    this.#askModel = askModel;
  }

  /** The processes that these files name; `onDidChangeJudging` tells of them from here on. */
  followJudging(files: string[]): Promise<JudgingStatus[]> {
    return this.#client.followJudging(files);
  }

  async offerJudge(bridge: string): Promise<void> {
    requireTrust();
    return this.#client.offerJudge(bridge);
  }

  /** @returns why the key is not taken; null where it is */
  async giveJudgeKey(bridge: string, key: string): Promise<string | null> {
    requireTrust();
    return this.#client.giveJudgeKey(bridge, key);
  }

  withdrawJudge(bridge: string): Promise<void> {
    return this.#client.withdrawJudge(bridge);
  }

  checkDevices(
    devices: CheckedDevice[] | undefined,
    signal: AbortSignal,
    listener: CheckListener,
  ): Promise<DeviceDecision> {
    return this.#client.checkDevices(devices, signal, listener);
  }

  /** @throws where the run has no store that can be read */
  hardCounts(folder: string): Promise<HardCounts> {
    return this.#client.hardCounts(folder);
  }

  /** @throws where the run has no store that can be read */
  hardSamples(folder: string): Promise<HardSamples> {
    return this.#client.hardSamples(folder);
  }

  /** @throws where the run has no store that can be read */
  hardHistory(folder: string, sample: string): Promise<SampleEvent[]> {
    return this.#client.hardHistory(folder, sample);
  }

  /** Models that are on this machine already. */
  models(): Promise<CachedModels> {
    return this.#client.models();
  }

  dispose(): void {
    this.#files.dispose();
    this.#client.dispose();
    this.#changed.dispose();
    this.#phase.dispose();
    this.#judging.dispose();
  }

  #take(runs: readonly RunStatus[]): void {
    if (runs.length !== this.#runs.length)
      void vscode.commands.executeCommand("setContext", "toolexpander.runCount", runs.length);
    this.#runs = runs;
    this.#changed.fire(runs);
  }

  #workerGone(why: string): void {
    this.#log.error(why);
    const [showLog, reload] = [vscode.l10n.t("Show Log"), vscode.l10n.t("Reload Window")];
    void alarm(
      vscode.l10n.t("ToolExpander cannot follow the runs any more; they go on. Reload the window to see them again."),
      reload,
      showLog,
    ).then((chosen) => {
      if (chosen === showLog) this.#log.show();
      if (chosen === reload) void vscode.commands.executeCommand("workbench.action.reloadWindow");
    });
  }
}
