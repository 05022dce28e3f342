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
