import assert from "node:assert/strict";
import test from "node:test";
import { collectTokens } from "../batching/microBatch.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { updateGraph } from "../policyGraphs.ts";
import { largestDifference } from "../testing/evaluate.ts";
import { Interpreter } from "../testing/interpreter.ts";
import { Random } from "../testing/random.ts";
import { forceDecoding } from "../testing/teacherForcing.ts";
import {
  randomWeights,
  setPolicyFeeds,
  tinyBatch,
  tinyConfig,
  tinyGroups,
  tinyLogprobs,
} from "../testing/tinyPolicy.ts";

const temperature = 0.7;

const policies: [string, ModelConfig][] = [
  ["tied", tinyConfig(true)],
  ["untied", tinyConfig(false)],
  ["one key head for all queries", tinyConfig(true, { keyValueHeads: 1 })],
  ["a key head for each query head, three layers", tinyConfig(false, { keyValueHeads: 4, layers: 3 })],
  [
    "normalized heads, wider together than the hidden state",
    tinyConfig(true, { headNorms: true, headSize: 6, biases: [] }),
  ],
];

for (const [name, config] of policies) {
  for (const target of ["cpu", "webgpu"] as const) {
    test(`decoding step by step says of every token what scoring says (${name}, ${target})`, () => {
      const random = new Random(111);
      const weights = randomWeights(config, random);
      const groups = tinyGroups(config, random);
      const batch = tinyBatch(weights, groups, temperature);
      const scored = tinyLogprobs(config, groups, batch);
      const { logprobs } = forceDecoding(config, target, weights, groups, temperature);
      for (const [g, completions] of scored.entries()) {
        for (const [c, tokens] of completions.entries()) {
          assert.equal(logprobs[g]?.[c]?.length, tokens.length);
          for (const [t, expected] of tokens.entries()) {
            const found = logprobs[g]?.[c]?.[t] as number;
            assert.ok(
              Math.abs(found - expected) < 1e-10,
              `group ${g}, completion ${c}, token ${t}: ${found}, ${expected}`,
            );
          }
        }
      }
    });
  }
}

test("decoding reports the entropies of the update's graph", () => {
  const config = tinyConfig(false);
  const random = new Random(112);
  const weights = randomWeights(config, random);
  const groups = tinyGroups(config, random);
  const batch = tinyBatch(weights, groups, temperature);
  const objective = { kind: "grpo", clipLow: 0.2, clipHigh: 0.2, beta: 0, kl: "k3", entropy: 0.1 } as const;
  setPolicyFeeds(batch, tinyLogprobs(config, groups, batch), objective);
  const graph = updateGraph(config, objective, "cpu");
  const rows = new Interpreter(graph, batch.batch.sizes, ["entropies"])
    .run(batch.feeds)
    .get("entropies") as Float64Array;
  const { entropies } = forceDecoding(config, "cpu", weights, groups, temperature);
  const expected: Float32Array[][] = groups.map(() => []);
  collectTokens(rows as unknown as Float32Array, batch.batch, expected);
  const found = entropies.flat(2);
  assert.ok(
    largestDifference(
      found,
      expected.flatMap((group) => group.flatMap((tokens) => [...tokens])),
    ) < 1e-10,
  );
});
