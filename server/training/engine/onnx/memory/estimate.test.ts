import assert from "node:assert/strict";
import test from "node:test";
import { parameterCount } from "../model/parameters.ts";
import { cardBytes, cudaBytes, largestMicroBatch, type MemorySettings, memoryParts } from "./estimate.ts";
import { config, lora, many, SHAPES, settings, testEstimate } from "./testing/measuredShapes.ts";

for (const shape of SHAPES) testEstimate(shape);

test("micro-batches are reckoned as they are cut", () => {
  const cut = (changes: Partial<MemorySettings>) => largestMicroBatch({ ...settings, ...changes });
  assert.deepEqual(cut({}), { B: 4, completions: 16, rows: 4 * (127 + 4 * 32), completionRows: 16 * 32 });
  assert.deepEqual(cut({ microBatchTokens: 200 }), { B: 1, completions: 2, rows: 127 + 64, completionRows: 64 });
  // A single completion goes through whatever it takes.
  assert.deepEqual(cut({ microBatchTokens: 10 }), { B: 1, completions: 1, rows: 127 + 32, completionRows: 32 });
});

test("each part grows with what it is for, and with nothing else", () => {
  const before = memoryParts(config, settings);
  const grown = (changes: Partial<MemorySettings>): string[] => {
    const after = memoryParts(config, { ...settings, ...changes });
    return Object.entries(after)
      .filter(([name, bytes]) => bytes !== before[name as keyof typeof before])
      .map(([name]) => name);
  };
  assert.deepEqual(grown({ microBatchTokens: 512 }), ["activations"]);
  assert.deepEqual(grown({ maxSequences: 8 }), ["sampling"]);
  assert.deepEqual(grown({ reference: true }), ["reference", "scoring"]);
  assert.deepEqual(grown({ entropy: true }), ["activations"]);
  assert.deepEqual(grown({ response: 40 }), ["activations", "sampling"]);
  assert.deepEqual(grown({ valueHead: true }), ["process", "gradients", "optimizer", "scoring"]);
  const valued = memoryParts(config, { ...settings, valueHead: true });
  assert.equal(valued.optimizer - before.optimizer, 2 * 4 * (config.hidden + 1));
  assert.equal(before.weights, 4 * parameterCount(config));
  assert.equal(before.optimizer, 2 * before.weights);
});

test("on a card weights, moments and the gradient's sum stay, and a reference beside them; an adapter's moments are its own", () => {
  const { weights, optimizer, gradients, activations } = memoryParts(config, settings);
  const trained = 4 * parameterCount(config);
  // What sessions compute with counts once, and the gradient that an update sums up beside that of its session.
  const update = trained + (gradients - 2 * trained) / 2 + activations / 2;
  assert.equal(cardBytes(config, settings), weights + optimizer + update);
  assert.equal(optimizer, 2 * trained);
  const referred = cardBytes(config, { ...settings, reference: true });
  assert.equal(referred - cardBytes(config, settings), 4 * parameterCount(config));
  const adapted = cardBytes(many, { ...settings, lora });
  assert.equal(cardBytes(many, { ...settings, lora, reference: true }), adapted);
  assert.ok(cardBytes(many, settings) > adapted + 2 * 4 * parameterCount(many));
});

test("on CUDA every session has the weights for itself, and nothing is given back", () => {
  const [without, withReference] = [cudaBytes(config, settings), cudaBytes(config, { ...settings, reference: true })];
  assert.ok(without > cardBytes(config, settings) + 2 * 4 * parameterCount(config));
  assert.ok(withReference - without >= 4 * parameterCount(config), "scoring is another session");
  const [whole, blocks] = [lora, { ...lora, frozen: { kind: "blocks", block: 64 } as const }].map((lora) =>
    cudaBytes(many, { ...settings, lora }),
  );
  assert.ok((blocks ?? 0) < (whole ?? 0));
});

test("weights in float16 take a half; in blocks of 4 bits an eighth and their scales, three times; what is read of them whole is one matrix at a time", () => {
  const adapted = memoryParts(many, { ...settings, lora });
  const halved = memoryParts(many, { ...settings, lora: { ...lora, frozen: { kind: "half" } } });
  const quantized = memoryParts(many, { ...settings, lora: { ...lora, frozen: { kind: "blocks", block: 64 } } });
  const { hidden, intermediate, layers } = many;
  const keys = many.keyValueHeads * many.headSize;
  const projections = layers * hidden * (2 * hidden + 2 * keys + 3 * intermediate);
  assert.equal(adapted.weights - quantized.weights, projections * (4 - 3 * (1 / 2 + 4 / 64 + 1 / 128)));
  assert.equal(adapted.weights - halved.weights, projections * 2);
  assert.equal(quantized.unpacked % (4 * hidden * intermediate), 0);
  assert.equal(halved.unpacked, quantized.unpacked);
  assert.equal(adapted.unpacked, 0);
  for (const { weights: _w, unpacked: _u, ...others } of [halved, quantized]) {
    for (const [name, bytes] of Object.entries(others))
      assert.equal(bytes, adapted[name as keyof typeof adapted], name);
  }
});
