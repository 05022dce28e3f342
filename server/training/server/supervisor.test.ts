import assert from "node:assert/strict";
import test from "node:test";
import type { PolicyEngine } from "../engine/policyEngine.ts";
import { EngineLost } from "../engine/remote/errors.ts";
import { fakeExperiment } from "../testing/harness.ts";
import { drawingEngineOptions, engineOptions, supervise } from "./supervisor.ts";

/** Attempts that end as scripted: "lost" after so many new steps, an error, or well. */
function scripted(script: readonly ("start" | number | Error | "done")[]) {
  let [attempt, step, disposed, started] = [0, 0, 0, 0];
  const lost: number[] = [];
  const engine = { dispose: async () => void disposed++ } as unknown as PolicyEngine;
  const ended = supervise({
    start: async () => {
      if (script[attempt] === "start") {
        attempt++;
        throw new EngineLost("The engine process ended");
      }
      started++;
      return engine;
    },
    attempt: async () => {
      const how = script[attempt++];
      if (how instanceof Error) throw how;
      if (how === "done") return;
      step += how as number;
      throw new EngineLost("The engine process ended");
    },
    newestStep: () => step,
    lost: (_error, crashes) => lost.push(crashes),
  });
  return { ended, lost, counts: () => ({ started, disposed }) };
}

test("a run that ends well has one engine, which is disposed of", async () => {
  const run = scripted(["done"]);
  await run.ended;
  assert.deepEqual(run.counts(), { started: 1, disposed: 1 });
});

test("crashes with new steps between them go on for ever, if need be", async () => {
  const run = scripted([1, 1, 1, 1, 1, "done"]);
  await run.ended;
  assert.deepEqual(run.lost, [1, 1, 1, 1, 1]);
  assert.deepEqual(run.counts(), { started: 6, disposed: 6 });
});

test("three crashes at one place end the run, with the cause that is likely", async () => {
  const run = scripted([5, 0, 0]);
  await assert.rejects(run.ended, { name: "InputError", message: /3 times without a new step.*microBatchTokens/ });
  assert.deepEqual(run.lost, [1, 2, 3]);
  await assert.rejects(scripted(["start", "start", "start"]).ended, {
    name: "InputError",
    message: /did not even come up/,
  });
});

test("two crashes and a new step begin the count anew", async () => {
  const run = scripted([1, 0, 1, 0, "done"]);
  await run.ended;
  assert.deepEqual(run.lost, [1, 2, 1, 2]);
});

test("an error of the run itself is not tried again", async () => {
  const run = scripted([new RangeError("mine")]);
  await assert.rejects(run.ended, RangeError);
  assert.deepEqual(run.counts(), { started: 1, disposed: 1 });
});

test("an engine that only draws has no value head, and is else the one that learns", (t) => {
  const experiment = { ...fakeExperiment(t), preset: "spark" } as const;
  const { valueHead, ...others } = engineOptions(experiment);
  assert.equal(valueHead, true);
  assert.deepEqual(drawingEngineOptions(experiment), others);
});
