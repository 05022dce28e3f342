import assert from "node:assert/strict";
import test from "node:test";
import { TOLERANCE } from "./checks.ts";
import { differencesToCpu } from "./parity.ts";
import { sampleGraphs, sampleUpdate } from "./sampleGraphs.ts";
import { sampleFeeds } from "./samplePolicy.ts";
import { trainingRate } from "./trainingRate.ts";

test("the CPU's policy is the CPU's, in every part that is compared", async () => {
  const differences = await differencesToCpu("cpu");
  assert.deepEqual(
    differences.map(({ check, error }) => [check, error]),
    [
      ["update's gradient of a small policy", 0],
      ["update's result of a small policy", 0],
      ["step's result of a small policy", 0],
    ],
  );
});

test("the sample's numbers are finite, not all alike, and the same for every form of a graph", async () => {
  const sizes = { B: 2, G: 3, P: 5, L: 4, M: 1 };
  const [cpu, webgpu] = [sampleFeeds(sampleUpdate("cpu"), sizes), sampleFeeds(sampleUpdate("webgpu"), sizes)];
  for (const [name, values] of webgpu) {
    if (name.startsWith("dims:")) continue;
    assert.deepEqual(values, cpu.get(name), name);
  }
  assert.ok(sampleGraphs("cpu").length > 3);
});

test("a rate is finite and above zero", async () => {
  const rate = await trainingRate("cpu", 2);
  assert.ok(Number.isFinite(rate) && rate > 0);
  assert.ok(TOLERANCE < 1e-3);
});
