import assert from "node:assert/strict";
import test from "node:test";
import { LiveRuns } from "./runChanges.ts";
import type { RunPhase } from "./runStatus.ts";
import { someRun } from "./testing.ts";

/** What is told while a run goes through phases; undefined where its folder is gone. */
function told(...phases: (RunPhase | undefined)[]): string[] {
  const live = new LiveRuns();
  return phases.flatMap((phase) => live.take(phase === undefined ? [] : [someRun({ phase })]).map(({ kind }) => kind));
}

test("the end of a run that was seen live is told once", () => {
  assert.deepEqual(told("running", "running", "finished", "finished"), ["finished"]);
  assert.deepEqual(told("paused", "failed", "failed"), ["failed"]);
  assert.deepEqual(told("running", "connecting", "interrupted", "connecting", "running", "finished"), [
    "interrupted",
    "finished",
  ]);
  assert.deepEqual(told("running", "connecting", "unreachable"), ["unreachable"]);
  assert.deepEqual(told("running", undefined, undefined), ["gone"]);
});

test("nothing is told of what a person did, of a lost connection that comes back, or of runs that were over", () => {
  assert.deepEqual(told("running", "stopping", "stopped"), []);
  assert.deepEqual(told("running", "connecting", "running"), []);
  assert.deepEqual(told("connecting", "interrupted", "finished"), []);
  assert.deepEqual(told("finished", undefined), []);
});

test("a pause on a hard sample is told once, where the run was seen to go before", () => {
  const live = new LiveRuns();
  const at = (pausedOn?: string) =>
    live
      .take([
        someRun({ phase: pausedOn === undefined ? "running" : "paused" }, pausedOn === undefined ? {} : { pausedOn }),
      ])
      .map(({ kind, run }) => `${kind} ${run.details?.pausedOn}`);
  assert.deepEqual([at("row-0"), at("row-0")], [[], []], "it was paused when the window opened");
  assert.deepEqual([at(), at("row-1"), at("row-1"), at(), at("row-1")], [[], ["hard row-1"], [], [], ["hard row-1"]]);
});
