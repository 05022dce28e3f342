import assert from "node:assert/strict";
import test from "node:test";
import { InputError } from "../../../../../schemas/problem.ts";
import { jsonOf } from "../../../../toolcalls/documents.ts";
import { Graph } from "../graph/graph.ts";
import { tinyConfig } from "../testing/tinyPolicy.ts";
import { familyOf } from "./families.ts";
import { decoderOn } from "./layer.ts";
import { boundedTo, usablePositions, whyBounded } from "./usablePositions.ts";

/** Positions of a policy of three layers made for 100, and what bounds them. */
function positionsOf(modelType: string, keys: Record<string, unknown>): string {
  const document = jsonOf(JSON.stringify({ max_position_embeddings: 100, ...keys }), "config.json");
  const family = familyOf(modelType);
  assert.ok(family);
  const { maxPositions, positionsLimit } = usablePositions(document, family, 3);
  return `${maxPositions} ${positionsLimit}`;
}
const WHOLE = "100 max_position_embeddings";
const WINDOW = "40 sliding_window";

test("Mistral attends within its window, where it has one", () => {
  assert.equal(positionsOf("mistral", { sliding_window: 40 }), WINDOW);
  assert.equal(positionsOf("mistral", { sliding_window: null }), WHOLE);
  assert.equal(positionsOf("mistral", { sliding_window: 100 }), WHOLE);
  assert.equal(positionsOf("mistral", { max_position_embeddings: 5000 }), "4096 sliding_window");
});

test("Qwen's window counts where it is in use, and in a layer that is there", () => {
  for (const family of ["qwen2", "qwen3"]) {
    const keys = { sliding_window: 40, use_sliding_window: true };
    assert.equal(positionsOf(family, { sliding_window: 40 }), WHOLE);
    assert.equal(positionsOf(family, { ...keys, use_sliding_window: false }), WHOLE);
    assert.equal(positionsOf(family, { ...keys, sliding_window: null }), WHOLE);
    assert.equal(positionsOf(family, { ...keys, max_window_layers: 2 }), WINDOW);
    assert.equal(positionsOf(family, { ...keys, max_window_layers: 3 }), WHOLE);
    assert.equal(positionsOf(family, keys), WHOLE, "of 28 layers by default");
    const [full, sliding] = ["full_attention", "sliding_attention"];
    assert.equal(positionsOf(family, { ...keys, max_window_layers: 0, layer_types: [full, full, full] }), WHOLE);
    assert.equal(positionsOf(family, { ...keys, layer_types: [full, full, sliding] }), WINDOW);
  }
});

test("Llama has no window, whatever its configuration says", () => {
  assert.equal(positionsOf("llama", { sliding_window: 40, use_sliding_window: true }), WHOLE);
});

test("tables are made for the run's positions, not for the policy's", () => {
  const tablesOf = (config: typeof policy) => {
    const graph = new Graph("cpu");
    decoderOn(graph, config);
    return graph.proto().initializers.map(({ shape }) => shape[0]);
  };
  const policy = tinyConfig(true, { maxPositions: 131_072 });
  const bounded = boundedTo(policy, 24);
  assert.deepEqual(new Set(tablesOf(bounded)), new Set([24]));
  assert.match(whyBounded(bounded), /the run was set up for 24/);
  assert.equal(boundedTo(policy, undefined), policy);
  assert.equal(boundedTo(policy, 131_072), policy);
});

test("a run that may need more than the policy has is refused, with the reason", () => {
  const refused = (config: typeof policy, message: RegExp) =>
    assert.throws(
      () => boundedTo(config, 41),
      (error) => error instanceof InputError && message.test(error.message),
    );
  const policy = tinyConfig(true, { maxPositions: 40 });
  refused(policy, /need 41 positions, but the policy has 40 \(max_position_embeddings in config\.json\); lower/);
  refused(
    { ...policy, positionsLimit: "sliding_window" },
    /within its window of 40 only \(sliding_window in config\.json\); lower/,
  );
});
