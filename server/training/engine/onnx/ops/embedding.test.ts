import assert from "node:assert/strict";
import test from "node:test";
import { gradients } from "../graph/autodiff.ts";
import { Graph, type Value } from "../graph/graph.ts";
import { targetOf } from "../runtime/deviceKinds.ts";
import { GraphSession, type SessionOptions } from "../runtime/session.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import type { Feeds } from "../testing/interpreter.ts";
import { Random } from "../testing/random.ts";
import { asFeeds } from "../testing/runtime.ts";
import { withoutWebgpu } from "../testing/webgpu.ts";
import { mul, sumAll } from "./elementwise.ts";
import { embedding } from "./embedding.ts";

test("gradient of the embedding, ids repeated and ids left out", async () => {
  const random = new Random(41);
  for (let i = 0; i < 6; i++) {
    const n = random.integer(1, 9);
    const ids = BigInt64Array.from({ length: n }, () => BigInt(random.oneOf([0, 1, 1, 1, 4])));
    await checkGradients(random, {
      sizes: { N: n },
      inputs: { table: [6, 3] },
      fixed: { ids: { shape: ["N"], data: ids } },
      build: (graph, { table, ids }) => embedding(graph, table as Value, ids as Value),
    });
  }
});

const [ROWS, VOCABULARY, HIDDEN] = [512, 7, 64];

/** Whole numbers, so that a float32 sum is exact in any order. */
function repeated(random: Random): { ids: number[]; g: Float32Array; sums: Float32Array } {
  const ids = Array.from({ length: ROWS }, () => random.oneOf([0, 2, 5]));
  const g = Float32Array.from({ length: ROWS * HIDDEN }, () => random.integer(-8, 8));
  const sums = new Float32Array(VOCABULARY * HIDDEN);
  for (const [row, id] of ids.entries()) {
    for (let i = 0; i < HIDDEN; i++)
      sums[id * HIDDEN + i] = (sums[id * HIDDEN + i] as number) + (g[row * HIDDEN + i] as number);
  }
  return { ids, g, sums };
}

async function assertExact(options: SessionOptions, runs: number): Promise<void> {
  const graph = new Graph(targetOf(options.device));
  const table = graph.input("table", [VOCABULARY, HIDDEN]);
  const y = embedding(graph, table, graph.input("ids", ["N"], "int64"));
  const loss = sumAll(graph, mul(graph, y, graph.input("g", ["N", HIDDEN])));
  graph.output("gradient", gradients(graph, loss, [table])[0] as Value);
  const session = await GraphSession.create(graph, options);
  const random = new Random(42);
  for (let run = 0; run < runs; run++) {
    const { ids, g, sums } = repeated(random);
    const feeds: Feeds = new Map<string, Float32Array | BigInt64Array>([
      ["table", new Float32Array(VOCABULARY * HIDDEN)],
      ["ids", BigInt64Array.from(ids, BigInt)],
      ["g", g],
    ]);
    const gradient = (await session.run(asFeeds(feeds), { N: ROWS })).get("gradient");
    assert.deepEqual(gradient, sums, `run ${run}`);
  }
  await session.dispose();
}

for (const threads of [1, 2, 4]) {
  test(`${ROWS} rows on three ids add up exactly on the CPU with ${threads} threads`, () =>
    assertExact({ device: "cpu", threads }, 4));
}

test(`${ROWS} rows on three ids add up exactly on WebGPU`, { skip: withoutWebgpu }, () =>
  assertExact({ device: "webgpu", threads: 1 }, 2),
);
