/** Bit-identical resumption rests on this: the CPU gives the same bits for the same graph, feeds and number of threads. */
import assert from "node:assert/strict";
import test from "node:test";
import { updateGraph } from "./policyGraphs.ts";
import { GraphSession } from "./runtime/session.ts";
import { Random } from "./testing/random.ts";
import { randomWeights, setPolicyFeeds, tinyBatch, tinyConfig } from "./testing/tinyPolicy.ts";

// Large enough that the runtime shares each product and each reduction among its threads.
const config = tinyConfig(true, { vocabulary: 256, hidden: 64, headSize: 16, intermediate: 128, maxPositions: 64 });
const objective = { kind: "grpo", clipLow: 0.2, clipHigh: 0.28, beta: 0.1, kl: "k2", entropy: 0.1 } as const;

const random = new Random(121);
const weights = randomWeights(config, random);
const tokens = (length: number) => Int32Array.from({ length }, () => random.integer(0, config.vocabulary - 1));
const lengths = [24, 10, 17, 24];
const groups = [33, 20, 28].map((length) => ({
  prompt: tokens(length),
  completions: lengths.map(tokens),
  signals: lengths.map((size) => ({ weights: random.normals(size), advantage: 0 })),
}));
const batch = tinyBatch(weights, groups, 0.7);
const invented = groups.map(() => lengths.map((length) => new Float64Array(random.normals(length, 0.5, -5))));
setPolicyFeeds(batch, invented, objective);

for (const threads of [1, 2, 4]) {
  test(`several runs and sessions on ${threads} threads give the same bits`, async () => {
    let first: Map<string, Float32Array> | undefined;
    for (let opened = 0; opened < 2; opened++) {
      const session = await GraphSession.create(updateGraph(config, objective, "cpu"), { device: "cpu", threads });
      for (let run = 0; run < 3; run++) {
        const results = await session.run(batch.feeds, batch.batch.sizes);
        first ??= results;
        for (const [name, values] of results) {
          assert.ok(values.every(Number.isFinite), name);
          assert.deepEqual(
            bits(values),
            bits(first.get(name) as Float32Array),
            `${name}, session ${opened}, run ${run}`,
          );
        }
      }
      await session.dispose();
    }
  });
}

const bits = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength);
