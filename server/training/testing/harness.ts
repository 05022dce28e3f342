/** What tests of runs share: workspaces in folders of their own, runs in memory, servers that are waited for and never left behind. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import type { CollapseEvent, EvaluationEvent, HardEvent, ProbeEvent, RoundEvent } from "../../../schemas/protocol.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import type { EpisodePhase, EpisodeRecord } from "../../store/episodeRows.ts";
import { readRunRecord } from "../../store/runFolder.ts";
import type { SampleState } from "../../store/writer.ts";
import { RunClient } from "../client/connect.ts";
import { startServer } from "../client/start.ts";
import type { Recorder, Run, StepRecord } from "../context.ts";
import { Control } from "../control.ts";
import type { FewShotAttempt } from "../curriculum/fewShots.ts";
import type { PolicyEngine } from "../engine/policyEngine.ts";
import { ENGINE_MODULE } from "../engine/remote/messages.ts";
import { resolveExperiment } from "../experiment.ts";
import { loadData } from "../loadData.ts";
import { createRun } from "../newRun.ts";
import { ForgottenIncidents, type RewardIncidents } from "../ownReward/incidents.ts";
import { newProgress } from "../progress.ts";
import type { RowRollouts } from "../rows.ts";
import { startOf } from "../server/liveness.ts";
import { findServer, readServerFile } from "../server/serverFile.ts";
import { engineOptions } from "../server/supervisor.ts";
import { FakeEngine } from "./fakeEngine.ts";
import { type WorkspaceChanges, writeWorkspace } from "./workspace.ts";

// These tests start some hundred processes of the same modules.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "toolexpander-tests-compile-cache");

/** Longest wait for anything, milliseconds; far more than it takes, since a machine under load is slow. */
const DEADLINE = 60_000;

/** Waits until `look` finds something. @throws Error naming `what` after the deadline */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + DEADLINE;
  while (performance.now() < end) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(5);
  }
  throw new Error(`Waited in vain for ${what}`);
}

/** An empty folder that goes away with the test, and so do the servers of runs in it. Their sockets and tokens lie in it too. */
export function temporaryFolder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "te-"));
  // Hooks run in the order they were made in: nobody who came later could still find the servers.
  t.after(async () => {
    await endServers(dir);
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  });
  for (const [name, folder] of [
    ["XDG_RUNTIME_DIR", "r"],
    ["XDG_STATE_HOME", "s"],
    ["LOCALAPPDATA", "s"],
  ] as const) {
    mkdirSync(join(dir, folder), { recursive: true, mode: 0o700 });
    process.env[name] = join(dir, folder);
  }
  return dir;
}

async function endServers(dir: string): Promise<void> {
  const files = await until("a look at the folder", () => filesIn(dir));
  const owned = files.filter((file) => basename(file) === "server.json");
  for (const file of owned) await killServer(dirname(join(dir, file)));
}

/** Undefined where a folder in it went while it was being read: its servers may be at work. */
function filesIn(dir: string): string[] | undefined {
  try {
    return existsSync(dir) ? readdirSync(dir, { recursive: true, encoding: "utf8" }) : [];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Ends the server of a run as a power cut would, and waits until it is gone. */
export async function killServer(run: string): Promise<void> {
  const owner = findServer(run);
  // A file that names another machine has a process of this one in it by chance alone.
  if (owner?.liveness !== "alive") return;
  killProcess(owner.server.pid);
  await until("the killed server to go", () => !isAlive(owner.server.pid));
}

/** Path of a module of this folder that exports createEngine. */
export function engineModule(
  name: "fakeEngine" | "crashingEngine" | "fullDiskEngine" | "smallMemoryEngine" | "scriptedEngine",
): string {
  return join(import.meta.dirname, `${name}.ts`);
}

/** A resolved experiment of the fake engine in a folder of its own. Engine processes use the given engine from here on. */
export function fakeExperiment(
  t: TestContext,
  changes: WorkspaceChanges = {},
  engine: Parameters<typeof engineModule>[0] = "fakeEngine",
): ResolvedExperiment {
  process.env[ENGINE_MODULE] = engineModule(engine);
  return resolveExperiment(writeWorkspace(temporaryFolder(t), changes), {});
}

/** Keeps what a loop reports. */
export class MemoryRecorder implements Recorder {
  readonly steps: StepRecord[] = [];
  readonly evaluations: EvaluationEvent[] = [];
  readonly probes: ProbeEvent[] = [];
  readonly found: HardEvent[] = [];
  readonly attempts: (FewShotAttempt & { round: number })[] = [];
  readonly rounds: RoundEvent[] = [];
  readonly edits: (SampleState & { step: number })[] = [];
  readonly collapses: CollapseEvent[] = [];
  readonly drawn: { purpose: "evaluation" | "probe"; step: number; results: RowRollouts[] }[] = [];
  readonly played: { phase: EpisodePhase; step: number; records: readonly EpisodeRecord[] }[] = [];
  onProgress: (done: number, total: number) => void = () => {};
  onActivity: (activity: string) => void = () => {};

  activity(activity: string): void {
    this.onActivity(activity);
  }
  progress(done: number, total: number): void {
    this.onProgress(done, total);
  }
  step(record: StepRecord): void {
    this.steps.push(record);
  }
  rollouts(purpose: "evaluation" | "probe", step: number, results: RowRollouts[]): void {
    this.drawn.push({ purpose, step, results });
  }
  episodes(phase: EpisodePhase, step: number, records: readonly EpisodeRecord[]): void {
    this.played.push({ phase, step, records });
  }
  evaluation(event: EvaluationEvent): void {
    this.evaluations.push(event);
  }
  probe(event: ProbeEvent): void {
    this.probes.push(event);
  }
  hard(event: HardEvent): void {
    this.found.push(event);
  }
  fewShots(_step: number, round: number, attempts: readonly FewShotAttempt[]): void {
    this.attempts.push(...attempts.map((attempt) => ({ ...attempt, round })));
  }
  round(event: RoundEvent): void {
    this.rounds.push(event);
  }
  edited(step: number, states: SampleState[]): void {
    this.edits.push(...states.map((state) => ({ ...state, step })));
  }
  collapse(event: CollapseEvent): boolean {
    this.collapses.push(event);
    return true;
  }
  log(): void {}
}

/** A run in this process, without server, store or checkpoints. */
export async function memoryRun(
  t: TestContext,
  changes: WorkspaceChanges = {},
  wrap: (engine: FakeEngine) => PolicyEngine = (engine) => engine,
  incidents: RewardIncidents = new ForgottenIncidents(),
): Promise<Run & { recorder: MemoryRecorder }> {
  return memoryRunOf(t, fakeExperiment(t, changes), wrap, incidents);
}

/** The same of an experiment that is there. */
export async function memoryRunOf(
  t: TestContext,
  experiment: ResolvedExperiment,
  wrap: (engine: FakeEngine) => PolicyEngine = (engine) => engine,
  incidents: RewardIncidents = new ForgottenIncidents(),
): Promise<Run & { recorder: MemoryRecorder }> {
  const data = await loadData(experiment, incidents);
  t.after(() => data.episodes?.world.environment.dispose());
  return {
    folder: temporaryFolder(t),
    experiment,
    data,
    engine: wrap(new FakeEngine(engineOptions(experiment))),
    control: new Control(),
    recorder: new MemoryRecorder(),
    progress: newProgress(experiment, data),
    edits: { at: () => [] },
    saveCheckpoint: async () => {},
  };
}

/** A run with a server of its own, which the test may kill and start again, and which does not outlive the test. */
export class ServedRun {
  readonly folder: string;

  constructor(t: TestContext, experiment: ResolvedExperiment) {
    this.folder = createRun(experiment);
    t.after(() => this.kill());
  }

  get record(): RunRecord {
    return readRunRecord(this.folder);
  }

  /** Starts a server; undefined where it ended before anyone could connect. */
  async start(): Promise<RunClient | undefined> {
    const started = await startServer(this.folder);
    return started instanceof RunClient ? started : undefined;
  }

  /** Starts a server and waits until it has ended and left. */
  async finish(): Promise<RunRecord> {
    const client = await this.start();
    if (client) {
      await client.attach().catch(() => {});
      await client.closed;
    }
    return this.left();
  }

  /** Waits until the server is gone. */
  async left(): Promise<RunRecord> {
    await until("the server to leave", () => readServerFile(this.folder) === undefined);
    return this.record;
  }

  /** As killServer. */
  kill(): Promise<void> {
    return killServer(this.folder);
  }
}

export function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone already
  }
}

/** A signal would still reach a process that has ended and that its parent has not asked after. */
export const isAlive = (pid: number): boolean => startOf(pid) !== "";
