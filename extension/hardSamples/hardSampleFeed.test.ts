import assert from "node:assert/strict";
import test, { mock, type TestContext } from "node:test";
import type { RunStatus } from "../status/runStatus.ts";
import { someRun } from "../status/testing.ts";
import type { HardSamples } from "../training/messages.ts";
import { HardSampleFeed } from "./hardSampleFeed.ts";

const none: HardSamples = { tools: [], hard: 0, known: true };

function feedOf(t: TestContext, answer: (folder: string) => Promise<HardSamples>) {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const told: (() => void)[] = [];
  const asked: string[] = [];
  const runs = {
    list: [] as RunStatus[],
    onDidChange: (listener: (list: readonly RunStatus[]) => void) => {
      told.push(() => listener(runs.list));
      return { dispose: () => told.splice(0) };
    },
    hardSamples: (folder: string) => {
      asked.push(folder);
      return answer(folder);
    },
  };
  const feed = new HardSampleFeed(runs, () => {});
  t.after(() => feed.dispose());
  const become = async (...list: RunStatus[]): Promise<void> => {
    runs.list = list;
    for (const tell of told) tell();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const rest = async (): Promise<void> => {
    mock.timers.tick(60_000);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { feed, asked, become, rest };
}

const run = (folder: string, phase: RunStatus["phase"], step: number) => someRun({ folder, phase }, { step });

test("the live run is listed before newer ones, and a chosen one before it", async (t) => {
  const { feed, become, rest } = feedOf(t, async () => none);
  const folder = () => feed.listed?.run.folder;
  assert.equal(folder(), undefined);
  await become(run("/new", "finished", 9), run("/live", "running", 1));
  assert.equal(folder(), "/live");
  assert.equal(feed.listed?.samples, none);
  feed.choose("/new");
  await rest();
  assert.equal(folder(), "/new");
  await become(run("/live", "running", 2));
  assert.equal(folder(), "/live", "the chosen one is gone");
  feed.choose("/live");
  await become(run("/newest", "running", 0), run("/live", "finished", 2));
  assert.equal(folder(), "/newest", "a new run lives");
});

test("a run that changes is asked about again, after a rest, and one that does not is left alone", async (t) => {
  const { asked, become, rest } = feedOf(t, async () => none);
  await become(run("/a", "running", 1));
  for (let step = 2; step <= 9; step++) await become(run("/a", "running", step));
  assert.equal(asked.length, 1);
  await rest();
  assert.equal(asked.length, 2);
  await rest();
  await become(run("/a", "running", 9));
  await rest();
  assert.equal(asked.length, 2);
});

test("a store that cannot be read is told, and read again when the run has changed", async (t) => {
  let broken = true;
  const { feed, become, rest } = feedOf(t, async () => {
    if (broken) throw new Error("it is locked");
    return none;
  });
  await become(run("/a", "running", 1));
  assert.deepEqual([feed.listed?.failure, feed.listed?.samples], ["it is locked", undefined]);
  broken = false;
  await become(run("/a", "running", 2));
  await rest();
  assert.deepEqual([feed.listed?.failure, feed.listed?.samples], [undefined, none]);
});
