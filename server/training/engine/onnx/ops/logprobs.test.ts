import assert from "node:assert/strict";
import test from "node:test";
import { gradients } from "../graph/autodiff.ts";
import { Graph, type Value } from "../graph/graph.ts";
import { evaluate, largestDifference } from "../testing/evaluate.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Random } from "../testing/random.ts";
import { runOnce } from "../testing/runtime.ts";
import { withoutWebgpu } from "../testing/webgpu.ts";
import { add, sumAll } from "./elementwise.ts";
import { entropy, tokenLogprobs } from "./logprobs.ts";

test("gradient of the chosen tokens' log-probabilities", async () => {
  const random = new Random(51);
  for (let i = 0; i < 6; i++) {
    const [n, vocabulary] = [random.integer(1, 5), random.integer(1, 6)];
    const ids = BigInt64Array.from({ length: n }, () => BigInt(random.integer(0, vocabulary - 1)));
    await checkGradients(random, {
      sizes: { N: n },
      inputs: { z: ["N", vocabulary] },
      fixed: { ids: { shape: ["N", 1], data: ids } },
      build: (graph, { z, ids }) => tokenLogprobs(graph, z as Value, ids as Value),
    });
  }
});

test("gradient of the entropy", async () => {
  const random = new Random(52);
  for (let i = 0; i < 6; i++) {
    await checkGradients(random, {
      sizes: { N: random.integer(1, 5) },
      inputs: { z: ["N", random.integer(1, 6)] },
      build: (graph, { z }) => entropy(graph, z as Value),
    });
  }
});

test("log-probabilities and entropies by definition", () => {
  const data = [1, 2, 0.5, -1, 0, 3];
  const p = [data.slice(0, 3), data.slice(3)].map((row) => {
    const total = row.reduce((sum, z) => sum + Math.exp(z), 0);
    return row.map((z) => Math.exp(z) / total);
  });
  const z = { shape: [2, 3], data };
  const ids = { shape: [2, 1], data: BigInt64Array.of(2n, 0n) };
  const logprobs = evaluate({ z, ids }, (graph, v) => tokenLogprobs(graph, v.z as Value, v.ids as Value));
  assert.ok(largestDifference(logprobs, [Math.log(p[0]?.[2] as number), Math.log(p[1]?.[0] as number)]) < 1e-12);
  const entropies = evaluate({ z }, (graph, v) => entropy(graph, v.z as Value));
  const expected = p.map((row) => -row.reduce((sum, value) => sum + value * Math.log(value), 0));
  assert.ok(largestDifference(entropies, expected) < 1e-12);
});

for (const device of ["cpu", "webgpu"] as const) {
  test(`logits too large to exponentiate are no trouble on ${device}`, {
    skip: device === "webgpu" && withoutWebgpu,
  }, async () => {
    const graph = new Graph(device);
    const z = graph.input("z", [3, 4]);
    const logprob = tokenLogprobs(graph, z, graph.input("ids", [3, 1], "int64"));
    const h = entropy(graph, z);
    graph.output("logprobs", logprob);
    graph.output("entropies", h);
    graph.output("gradient", gradients(graph, sumAll(graph, add(graph, logprob, h)), [z])[0] as Value);
    const feeds = new Map<string, Float32Array | BigInt64Array>([
      ["z", Float32Array.of(200, 200, 0, -200, -300, -301, -302, -300, 120, 0, 0, 0)],
      ["ids", BigInt64Array.of(1n, 3n, 0n)],
    ]);
    const results = await runOnce(graph, {}, feeds);
    const total = 2 + Math.exp(-1) + Math.exp(-2);
    const close = (name: string, expected: number[]) =>
      assert.ok(largestDifference(results.get(name) as Float32Array, expected) < 1e-4, `${name}: ${results.get(name)}`);
    close("logprobs", [-Math.log(2), -Math.log(total), 0]);
    close("entropies", [Math.log(2), Math.log(total) + (Math.exp(-1) + 2 * Math.exp(-2)) / total, 0]);
    assert.ok(results.get("gradient")?.every(Number.isFinite), `gradient: ${results.get("gradient")}`);
  });
}
