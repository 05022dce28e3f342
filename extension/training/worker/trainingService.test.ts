import assert from "node:assert/strict";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { RECORD_FILE } from "../../../server/store/runFolder.ts";
import { resolveExperiment } from "../../../server/training/experiment.ts";
import { createRun } from "../../../server/training/newRun.ts";
import { serverFilePath } from "../../../server/training/server/serverFile.ts";
import { fakeExperiment, killServer, until } from "../../../server/training/testing/harness.ts";
import type { RunStatus } from "../../status/runStatus.ts";
import type { StartResult } from "../messages.ts";
import { TrainingService } from "./trainingService.ts";

/** Slow enough that a test can come in between. */
const slow = { model: { delay_ms: 2 }, settings: { steps: 20 } };

/** A service as a window has it, which leaves nothing behind. */
class Window {
  readonly service: TrainingService;
  readonly told: RunStatus[][] = [];
  readonly phases: string[] = [];
  readonly troubles: unknown[] = [];

  constructor(t: TestContext) {
    this.service = new TrainingService(undefined, {
      runs: (runs) => this.told.push(runs),
      phase: (phase) => this.phases.push(phase),
      trouble: (error) => this.troubles.push(error),
    });
    t.after(() => {
      this.close();
      assert.deepEqual(this.troubles, []);
    });
  }

  close(): void {
    this.service.dispose();
  }

  /** The newest of what was told. */
  run(folder: string): RunStatus | undefined {
    return this.told.at(-1)?.find((run) => run.folder === folder);
  }

  async reaches(folder: string, phase: RunStatus["phase"]): Promise<RunStatus> {
    try {
      return await until(phase, () => {
        const run = this.run(folder);
        return run?.phase === phase ? run : undefined;
      });
    } catch {
      throw new Error(`The run did not come to be ${phase}: ${JSON.stringify(this.run(folder))}`);
    }
  }
}

function folderOf(result: StartResult): string {
  assert.equal(result.kind, "live");
  return result.kind === "live" ? result.folder : "";
}

const start = (window: Window, experiment: string, another = false): Promise<StartResult> =>
  window.service.start({ experiment, another, device: "cpu" });

test("start, pause, resume, stop, resume to the end: the window hears of all of it", async (t) => {
  const { file } = fakeExperiment(t, slow);
  const window = new Window(t);
  const folder = folderOf(await start(window, file));
  assert.deepEqual(window.phases, ["checking", "checking", "starting"]);
  assert.ok(window.run(folder), "the run is known when the start returns");
  await until("a step", () => (window.run(folder)?.details?.step ?? 0) > 0);
  await window.service.pause(folder);
  await window.reaches(folder, "paused");
  assert.deepEqual(await window.service.resume({ folder }), { kind: "live", folder });
  await window.reaches(folder, "running");
  await window.service.pause(folder);
  await window.reaches(folder, "paused");
  await window.service.stop(folder);
  const stopped = await window.reaches(folder, "stopped");
  assert.match(stopped.message ?? "", /resume it/);
  assert.ok((stopped.details?.step ?? 0) > 0, "the store says how far it came");
  assert.ok(stopped.details?.accuracyBefore);
  await window.service.resume({ folder });
  const finished = await window.reaches(folder, "finished");
  assert.equal(finished.details?.step, finished.details?.steps);
  assert.ok(finished.details?.accuracy);
  await assert.rejects(window.service.resume({ folder }), /is finished and cannot be resumed/);
  await assert.rejects(window.service.pause(folder), /is finished and cannot be paused/);
});

test("a window that closes leaves the run alone, and the next one finds it", async (t) => {
  const { file, runs } = fakeExperiment(t, slow);
  const first = new Window(t);
  const folder = folderOf(await start(first, file));
  first.close();
  const second = new Window(t);
  const [found] = await second.service.look({ experiments: [file], records: [] });
  assert.equal(found?.folder, folder);
  assert.equal(found?.phase, "running");
  const third = new Window(t);
  const [same] = await third.service.look({ experiments: [], records: [join(runs, "any", RECORD_FILE)] });
  assert.equal(same?.phase, "running");
  await second.service.pause(folder);
  await third.reaches(folder, "paused");
});

test("of two windows that start at once, the second is told of the first's run", async (t) => {
  const { file } = fakeExperiment(t, slow);
  const [one, other] = [new Window(t), new Window(t)];
  const results = await Promise.all([start(one, file), start(other, file)]);
  assert.deepEqual(results.map(({ kind }) => kind).sort(), ["live", "twins"]);
  const live = results.find(({ kind }) => kind === "live") as StartResult;
  const twins = results.find(({ kind }) => kind === "twins");
  assert.deepEqual(twins, { kind: "twins", folders: [folderOf(live)] });
  assert.ok([...one.phases, ...other.phases].includes("waiting"));
  const second = folderOf(await start(other, file, true));
  assert.notEqual(second, folderOf(live), "a person may want a twin");
});

test("a server that dies without a word leaves an interrupted run, which goes on from its checkpoint", async (t) => {
  const { file } = fakeExperiment(t, slow);
  const window = new Window(t);
  const folder = folderOf(await start(window, file));
  await until("a step", () => (window.run(folder)?.details?.step ?? 0) > 0);
  await window.service.pause(folder);
  await window.reaches(folder, "paused");
  await killServer(folder);
  const interrupted = await window.reaches(folder, "interrupted");
  assert.ok((interrupted.details?.step ?? 0) > 0);
  await window.service.resume({ folder });
  assert.equal((await window.reaches(folder, "finished")).details?.step, interrupted.details?.steps);
});

test("nothing is made for an experiment with a fault, and the fault has its place", async (t) => {
  const { file, runs } = fakeExperiment(t);
  writeFileSync(file, '{ "name": "broken" }');
  const window = new Window(t);
  await assert.rejects(start(window, file), (error: Error) => {
    assert.equal(error.name, "InputError");
    assert.match(JSON.stringify(error), /broken|experiment/);
    return true;
  });
  assert.deepEqual(await window.service.look({ experiments: [file], records: [join(runs, "x", RECORD_FILE)] }), []);
});

test("runs that cannot be read, are not there any more, or lie elsewhere are shown as what they are", async (t) => {
  const experiment = fakeExperiment(t);
  const folder = createRun(experiment);
  const newer = join(experiment.runs, "29991231-235959-newer");
  mkdirSync(newer);
  writeFileSync(join(newer, RECORD_FILE), JSON.stringify({ format: 99 }));
  const window = new Window(t);
  const sources = { experiments: [experiment.file], records: [] };
  const runs = await window.service.look(sources);
  assert.deepEqual(
    runs.map(({ id, phase }) => [id.slice(16), phase]),
    [
      ["newer", "unreadable"],
      [folder.slice(folder.length - experiment.name.length), "interrupted"],
    ],
  );
  assert.match(runs[0]?.message ?? "", /newer version/);
  const server = { pid: 1, started: "", hostname: "some-other-machine", socket: "nowhere" };
  writeFileSync(serverFilePath(folder), JSON.stringify(server));
  const [, elsewhere] = await window.service.look(sources);
  assert.equal(elsewhere?.phase, "elsewhere");
  assert.match(elsewhere?.message ?? "", /some-other-machine/);
  await assert.rejects(window.service.stop(folder), /some-other-machine/);
  renameSync(folder, join(experiment.runs, "..", "moved"));
  assert.deepEqual(
    (await window.service.look(sources)).map(({ phase }) => phase),
    ["unreadable"],
  );
  await assert.rejects(window.service.pause(folder), /moved or deleted/);
});

test("a run is started so that a debugger can be attached", async (t) => {
  const { file } = fakeExperiment(t, slow);
  const window = new Window(t);
  const result = await window.service.start({ experiment: file, another: false, inspect: true });
  assert.ok(result.kind === "live" && result.inspector);
  const answer = await fetch(`http://127.0.0.1:${result.inspector}/json/version`);
  assert.match(JSON.stringify(await answer.json()), /node\.js/);
});

test("another Node is tried before anything is made", async (t) => {
  const experiment = fakeExperiment(t, slow);
  const window = new Window(t);
  const params = { experiment: experiment.file, another: false };
  const none = join(experiment.runs, "no-node");
  await assert.rejects(window.service.start({ ...params, nodePath: none }), /toolexpander\.nodePath.*cannot be run/);
  folderOf(await window.service.start({ ...params, nodePath: process.execPath }));
});

test("runs of an experiment that puts them elsewhere are found", async (t) => {
  const { file, runs } = fakeExperiment(t, { experiment: { runs: "kept/elsewhere" } });
  const experiment = resolveExperiment(file, {});
  assert.equal(experiment.runs, runs);
  const folder = createRun(experiment);
  const window = new Window(t);
  const found = await window.service.look({ experiments: [file], records: [] });
  assert.deepEqual(
    found.map((run) => run.folder),
    [folder],
  );
});

test("a run pauses on the next hard sample that a probe finds, and its status names it", async (t) => {
  const window = new Window(t);
  const settings = { steps: 20, curriculum: { mode: "replace", fewShots: "random" } } as const;
  const experiment = fakeExperiment(t, { ...slow, settings });
  const folder = createRun(experiment);
  await window.service.look({ experiments: [experiment.file], records: [] });
  assert.equal((await window.service.resume({ folder })).kind, "live");
  assert.deepEqual(await window.service.pauseOnHard(folder, true), { on: true, reason: null });
  const { details } = await window.reaches(folder, "paused");
  assert.match(details?.pausedOn ?? "", /^q\d-\d$/);
  assert.equal(details?.pauseOnHard, undefined);
  await window.service.resume({ folder });
  assert.equal((await window.reaches(folder, "running")).details?.pausedOn, undefined);
  await window.service.stop(folder);
  await window.reaches(folder, "stopped");
});
