/** The formulas against a count of every single product. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Network,
  PROJECTIONS,
  projectionSize,
  type Shape,
  sharedPromptOperations,
  trainedParameters,
  updateOperations,
} from "./operations.ts";

const network: Network = { hidden: 8, layers: 3, heads: 4, kvHeads: 2, intermediate: 20, vocab: 50 };
const shape: Shape = { ...network, prompts: 2, completions: 3, promptLength: 5, completionLength: 4 };

/** Multiply-adds of the forward pass over one sequence, token by token; `from` is the first that is not shared. */
function forward(layers: number, tokens: number, from: number): number {
  let products = 0;
  for (let layer = 0; layer < layers; layer++) {
    for (let token = from; token < tokens; token++) {
      for (const name of PROJECTIONS) products += projectionSize(network, name)[0] * projectionSize(network, name)[1];
      // A score and a weighted value for each token that is seen, in each head.
      for (let seen = 0; seen <= token; seen++) products += 2 * network.heads * (network.hidden / network.heads);
    }
  }
  return products;
}

const head = (tokens: number) => tokens * network.hidden * network.vocab;

test("without a shared prompt every sequence passes as a whole, three products for each of the forward pass", () => {
  const sequence = forward(3, 9, 0) + head(4);
  assert.equal(updateOperations(shape), 2 * 3 * 6 * sequence);
});

test("a shared prompt passes once for its group, and its last layer makes keys and values alone", () => {
  const keysAndValues = 5 * 2 * (8 * 4);
  const prompt = forward(2, 5, 0) + keysAndValues;
  const completion = forward(3, 9, 5) + head(4);
  assert.equal(sharedPromptOperations(shape), 2 * 3 * 2 * (prompt + 3 * completion));
});

test("with adapters a frozen product counts twice, the first layer's inputs once, and adapters are counted beside it", () => {
  const adapted = updateOperations({ ...shape, adapter: { rank: 2, targets: ["q", "down"] } });
  const rows = 6 * 9;
  const attention = 6 * (forward(3, 9, 0) - 3 * 9 * matrices());
  const frozen = 3 * rows * matrices() + 6 * head(4);
  const first = rows * (8 * 8 + 2 * 8 * 4);
  const adapters = 3 * rows * 2 * (8 + 8 + 20 + 8);
  assert.equal(adapted, 2 * (2 * frozen - first + 3 * (attention + adapters)));
});

const matrices = () =>
  PROJECTIONS.reduce((sum, name) => sum + projectionSize(network, name)[0] * projectionSize(network, name)[1], 0);

test("the parameters of Qwen2.5-0.5B, and of adapters of rank 8 on its queries", () => {
  const qwen = { hidden: 896, layers: 24, heads: 14, kvHeads: 2, intermediate: 4864, vocab: 151_936 };
  assert.equal(trainedParameters(qwen), 494_032_768);
  assert.equal(trainedParameters({ ...qwen, adapter: { rank: 8, targets: ["q"] } }), 24 * 8 * (896 + 896));
});
