import assert from "node:assert/strict";
import test from "node:test";
import { byMinute, figuresOf, type Look, type ProcessName, renderSoak } from "./table.ts";

/** Four runs of half an hour, looked at six times a minute. */
function looks(process: ProcessName, megabytes: (minutes: number, inRun: number) => number): Look[] {
  return Array.from({ length: 720 }, (_, index) => {
    const minutes = index / 6;
    const run = 1 + Math.floor(minutes / 30);
    return { process, minutes, run, megabytes: megabytes(minutes, minutes % 30), handles: 20 + (index % 2) };
  });
}

const all = byMinute([
  ...looks("extension host", (minutes) => 100 + 3 * (minutes / 60) + Math.sin(minutes)),
  ...looks("view", (minutes) => 50 + 0.1 * Math.sin(minutes)),
  // Each run's level is another one, and each warms up: none of that is growth.
  ...looks(
    "training server",
    (minutes, inRun) => 200 + 7 * Math.cos(9 * Math.floor(minutes / 30)) + Math.min(inRun, 5),
  ),
  ...looks("engine", (_, inRun) => 500 + 12 * (inRun / 60)),
]);

test("what grows is told from what warms up and from what differs between runs", () => {
  const figures = new Map(figuresOf(all).map((figure) => [figure.what, figure]));
  const slope = (what: string): number => figures.get(what)?.slope.slope ?? Number.NaN;
  assert.ok(Math.abs(slope("extension host, over all runs") - 3) < 1, `${slope("extension host, over all runs")}`);
  assert.ok(Math.abs(slope("view, over all runs")) < 0.2);
  assert.ok(Math.abs(slope("training server, within a run")) < 0.1, `${slope("training server, within a run")}`);
  assert.ok(Math.abs(slope("engine, within a run") - 12) < 0.1);
  assert.ok(Math.abs(slope("engine, from run to run")) < 0.1);
  assert.deepEqual(figures.get("view, over all runs")?.handles, { least: 21, most: 21 });
  assert.equal(figures.get("engine, from run to run")?.slope.points, 4);
});

test("the table says what ended unasked", () => {
  const machine = { processor: "P", cores: 2, memoryGiB: 24, system: "Linux", node: "v24", onnxruntime: "1.30.0" };
  const runs = [{ folder: "r", minutes: 30, phase: "finished", shown: 9 }];
  const soak = { made: "2026-11-22", machine, otherLoad: 0, minutes: 120, runs, looks: all };
  const quiet = renderSoak({ ...soak, troubles: [] });
  assert.match(quiet, /1 quickstart run back to back \(1 finished\)/);
  assert.match(quiet, /nothing was reported/);
  assert.match(renderSoak({ ...soak, troubles: ["the view ended"] }), /Reported: the view ended/);
});
