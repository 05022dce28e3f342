/** What the worker does for the extension host. */
import { dirname } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import type { RunClient } from "../../../server/training/client/connect.ts";
import { needsServer, type RunStatus } from "../../status/runStatus.ts";
import type {
  HardCounts,
  HardSamples,
  ResumeParams,
  SampleEvent,
  Sources,
  StartParams,
  StartPhase,
  StartResult,
} from "../messages.ts";
import { hardCountsOf } from "./hardCounts.ts";
import { historyOf } from "./hardHistory.ts";
import { HardSampleLists } from "./hardSamples.ts";
import { runsFolders } from "./runsFolders.ts";
import { RunsObserver } from "./runsObserver.ts";
import type { Staging } from "./stagedServer.ts";
import { restartRun, type Starting, startRun } from "./startRun.ts";

/** Where file watchers fail (network file systems, folders outside the workspace), changes are found this late. Milliseconds. */
const SLOW_LOOK_MS = 10_000;

export interface Told {
  runs(runs: RunStatus[]): void;
  phase(phase: StartPhase): void;
  /** What should not have happened. */
  trouble(error: unknown): void;
}

export class TrainingService {
  readonly #staging: Staging | undefined;
  readonly #told: Told;
  readonly #observer: RunsObserver;
  readonly #hard = new HardSampleLists();
  readonly #timer: NodeJS.Timeout;
  /** Folders that runs were started in from here, whether or not the workspace's files lead to them. */
  readonly #startedIn = new Set<string>();
  #sources: Sources = { experiments: [], records: [] };

  /** @param staging without it, servers are started from where this code is */
  constructor(staging: Staging | undefined, told: Told) {
    this.#staging = staging;
    this.#told = told;
    this.#observer = new RunsObserver(told.runs, told.trouble);
    this.#timer = setInterval(() => void this.#observer.look().catch(told.trouble), SLOW_LOOK_MS);
    this.#timer.unref();
  }

  async look(sources: Sources): Promise<RunStatus[]> {
    this.#sources = sources;
    return this.#lookAgain();
  }

  async start(params: StartParams): Promise<StartResult> {
    const result = await startRun(params, this.#starting());
    for (const folder of result.kind === "twins" ? result.folders : [result.folder]) {
      this.#startedIn.add(dirname(folder));
    }
    await this.#lookAgain();
    return result;
  }

  /** Goes on with a paused run, or starts a server for one that has none. */
  async resume({ folder, ...choice }: ResumeParams): Promise<StartResult> {
    const run = await this.#run(folder);
    const client = this.#observer.client(folder);
    if (client) {
      await client.resume();
      return { kind: "live", folder };
    }
    if (!needsServer(run)) throw new InputError(cannot("resumed", run), { file: folder });
    const result = await restartRun(folder, choice, this.#starting());
    await this.#observer.look();
    return result;
  }

  async pause(folder: string): Promise<null> {
    await (await this.#live(folder)).pause();
    return null;
  }

  async pauseOnHard(folder: string, on: boolean): Promise<{ on: boolean; reason: string | null }> {
    return (await this.#live(folder)).pauseOnHard(on);
  }

  async stop(folder: string): Promise<null> {
    await (await this.#live(folder)).stop();
    return null;
  }

  async hardCounts(folder: string): Promise<HardCounts> {
    return hardCountsOf(folder);
  }

  async hardSamples(folder: string): Promise<HardSamples> {
    return this.#hard.list(folder);
  }

  async hardHistory(folder: string, sample: string): Promise<SampleEvent[]> {
    return historyOf(folder, sample);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#observer.dispose();
  }

  async #lookAgain(): Promise<RunStatus[]> {
    this.#observer.watch([...(await runsFolders(this.#sources)), ...this.#startedIn]);
    return this.#observer.look();
  }

  #starting(): Starting {
    return { phase: this.#told.phase, ...(this.#staging ? { staging: this.#staging } : {}) };
  }

  async #run(folder: string): Promise<RunStatus> {
    const find = (runs: RunStatus[]): RunStatus | undefined => runs.find((run) => run.folder === folder);
    const run = find(this.#observer.runs()) ?? find(await this.#observer.look());
    if (run) return run;
    throw new InputError("There is no such run any more; its folder was moved or deleted.", { file: folder });
  }

  async #live(folder: string): Promise<RunClient> {
    const run = await this.#run(folder);
    const client = this.#observer.client(folder);
    if (client) return client;
    throw new InputError(cannot("paused or stopped", run), { file: folder });
  }
}

function cannot(what: string, { phase, message }: RunStatus): string {
  return `The run is ${phase} and cannot be ${what}${message === undefined ? "." : `: ${message}`}`;
}
