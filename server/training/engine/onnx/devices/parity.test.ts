import assert from "node:assert/strict";
import test from "node:test";
import { InferenceSession } from "onnxruntime-node";
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

test("a kernel that errs by a thousandth in one gradient is found, and named by what it spoils", async (t) => {
  const create = InferenceSession.create.bind(InferenceSession);
  t.mock.method(InferenceSession, "create", async (model: Uint8Array, options: InferenceSession.SessionOptions) => {
    const session = await create(model, { ...options, executionProviders: ["cpu"] });
    if (options.executionProviders?.[0] !== "cuda") return session;
    const run: InferenceSession["run"] = async (feeds: InferenceSession.FeedsType) => {
      const results = await session.run(feeds);
      const [largest] = Object.values(results).sort((a, b) => b.size - a.size);
      const data = largest?.data;
      if (data instanceof Float32Array) for (const [i, value] of data.entries()) data[i] = value * 1.001;
      return results;
    };
    return Object.assign(Object.create(session) as InferenceSession, { run, release: () => session.release() });
  });
  const spoilt = (await differencesToCpu("cuda")).filter(({ error }) => error > TOLERANCE);
  assert.deepEqual(
    spoilt.map(({ check }) => check),
    ["update's gradient of a small policy", "step's result of a small policy"],
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
