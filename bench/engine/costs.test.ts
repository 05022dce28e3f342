import assert from "node:assert/strict";
import { test } from "node:test";
import { predicted, samplingCosts, total, updateCosts } from "./costs.ts";
import { type Shape, sharedPromptOperations } from "./operations.ts";

const shape: Shape = {
  hidden: 64,
  layers: 3,
  heads: 4,
  kvHeads: 2,
  intermediate: 160,
  vocab: 500,
  prompts: 2,
  completions: 4,
  promptLength: 32,
  completionLength: 16,
};

test("an update's costs hold the operations of the written formula, kind by kind", () => {
  assert.equal(total(updateCosts(shape)).operations, sharedPromptOperations(shape));
});

test("sampling all tokens costs the forward pass over them: their projections, attention and logits", () => {
  const { promptLength, completionLength: newTokens, ...rest } = shape;
  const { operations } = total(samplingCosts(rest, { ...rest, promptLength, newTokens }));
  // The prompt's last token opens the completions, so one token less is shared.
  const passed = sharedPromptOperations({ ...shape, promptLength: promptLength - 1 }) / 3;
  assert.equal(operations, passed);
});

test("a group reads its prompt's keys together", () => {
  const work = { promptLength: 512, newTokens: 4 };
  const together = total(samplingCosts(shape, { prompts: 1, completions: 8, ...work }));
  const apart = total(samplingCosts(shape, { prompts: 8, completions: 1, ...work }));
  assert.ok(together.bytes < apart.bytes && together.operations < apart.operations);
});

test("an operator takes as long as the slower of arithmetic and memory", () => {
  const rates = { gigaflops: 100, gigabytes: 10 };
  const arithmetic = { kind: "projections", operations: 1e9, bytes: 1e7 } as const;
  const memory = { kind: "optimizer", operations: 0, bytes: 1e8 } as const;
  assert.equal(predicted([arithmetic, memory], rates), 10 + 10);
});
