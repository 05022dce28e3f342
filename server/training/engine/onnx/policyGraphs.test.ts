/** The whole differentiated policy: our gradients against finite differences, and ONNX Runtime against the interpreter. */
import assert from "node:assert/strict";
import test from "node:test";
import { numbers } from "../../objectives/algebra.ts";
import type { GrpoObjective, Objective, PolicyTerms, PpoObjective } from "../../objectives/objective.ts";
import { policyTokenLoss } from "../../objectives/policyLoss.ts";
import { valueTokenLoss } from "../../objectives/valueLoss.ts";
import type { Graph, Target } from "./graph/graph.ts";
import type { ModelConfig } from "./model/modelConfig.ts";
import { gradientOf, logprobGraph, updateGraph } from "./policyGraphs.ts";
import { Slopes, someElements } from "./testing/differences.ts";
import { Interpreter } from "./testing/interpreter.ts";
import { Random } from "./testing/random.ts";
import { assertClose, runOnce } from "./testing/runtime.ts";
import {
  DIFFERENCES,
  randomHead,
  randomWeights,
  setPolicyFeeds,
  setValueFeeds,
  type TinyBatch,
  tinyBatch,
  tinyConfig,
  tinyGroups,
  tinyLogprobs,
  tinyValues,
} from "./testing/tinyPolicy.ts";

/** Of each parameter, drawn at random. */
const ELEMENTS = 3;

const grpo = (overrides: Partial<GrpoObjective>): GrpoObjective => ({
  kind: "grpo",
  clipLow: 0.2,
  clipHigh: 0.28,
  beta: 0,
  kl: "k3",
  entropy: 0,
  ...overrides,
});

const ppo = (overrides: Partial<PpoObjective>): PpoObjective => ({
  ...grpo({}),
  kind: "ppo",
  valueCoefficient: 0.5,
  ...overrides,
});

const objectives: Record<string, Objective> = {
  supervised: { kind: "supervised" },
  "GRPO without KL": grpo({}),
  "GRPO with k1": grpo({ beta: 0.3, kl: "k1" }),
  "GRPO with k2": grpo({ beta: 0.1, kl: "k2" }),
  "GRPO with k3 and entropy": grpo({ beta: 0.1, kl: "k3", entropy: 0.2 }),
  "GRPO with truncated importance sampling": grpo({ importanceCap: 1.5 }),
  "PPO without clipping values": ppo({}),
  "PPO with every term": ppo({ beta: 0.1, kl: "k2", entropy: 0.2, importanceCap: 1.5, valueClip: 0.2 }),
};

/** k3 is e²⁰ at its upper limit, which would drown everything else in rounding: not reached but where KL itself is tested. */
const differencesFor = ({ kl }: PolicyTerms) => (kl === "k3" ? DIFFERENCES.slice(0, -1) : DIFFERENCES);

function prepare(tied: boolean, objective: Objective, seed: number, overrides: Partial<ModelConfig> = {}) {
  const config = tinyConfig(tied, overrides);
  const random = new Random(seed);
  const policy = randomWeights(config, random);
  const groups = tinyGroups(config, random);
  const weights = objective.kind === "ppo" ? new Map([...policy, ...randomHead(config, random)]) : policy;
  const batch = tinyBatch(weights, groups, objective.kind === "supervised" ? 1 : 0.7);
  if (objective.kind !== "supervised")
    setPolicyFeeds(batch, tinyLogprobs(config, groups, batch), objective, differencesFor(objective));
  if (objective.kind === "ppo") setValueFeeds(batch, tinyValues(config, groups, batch));
  return { config, random, weights, batch };
}

function assertDifferences(
  graph: Graph,
  { batch, feeds }: TinyBatch,
  parameters: Iterable<string>,
  random: Random,
): void {
  const results = new Interpreter(graph, batch.sizes).run(feeds);
  const slopes = new Slopes(graph, batch.sizes, feeds, "loss");
  for (const name of parameters) {
    const gradient = results.get(gradientOf(name)) as Float64Array;
    const elements = someElements(random, gradient.length, ELEMENTS);
    const expected = elements.map((element) => slopes.at(name, element));
    const error = Math.hypot(...elements.map((element, i) => (gradient[element] as number) - (expected[i] as number)));
    const bound = 1e-6 * Math.max(1e-2, Math.hypot(...expected));
    assert.ok(error <= bound, `${name}: off by ${error} from ${expected}`);
  }
}

for (const tied of [true, false]) {
  for (const [name, objective] of Object.entries(objectives)) {
    test(`${name}, ${tied ? "tied" : "untied"}: gradients agree with finite differences`, () => {
      const { config, random, weights, batch } = prepare(tied, objective, 101);
      assertDifferences(updateGraph(config, objective, "cpu"), batch, weights.keys(), random);
    });
  }
}

const all = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;
const llama3 = { kind: "llama3", factor: 8, lowFrequency: 1, highFrequency: 4, originalPositions: 40 } as const;
const layers: [string, Partial<ModelConfig>][] = [
  ["no biases", { biases: [] }],
  ["biases in every projection, llama3 scaling", { biases: all, ropeScaling: llama3 }],
  ["normalized heads, wider together than the hidden state", { headNorms: true, headSize: 6, biases: ["o_proj"] }],
];
for (const [name, overrides] of layers) {
  for (const target of ["cpu", "webgpu"] as const) {
    test(`${name} (${target}): gradients agree with finite differences`, () => {
      const objective = objectives["GRPO with k3 and entropy"] as Objective;
      const { config, random, weights, batch } = prepare(true, objective, 105, overrides);
      assertDifferences(updateGraph(config, objective, target), batch, weights.keys(), random);
    });
  }
}

test("the graph for WebGPU computes the same as the graph for the CPU", () => {
  for (const objective of Object.values(objectives)) {
    const { config, batch } = prepare(false, objective, 102);
    const [cpu, webgpu] = (["cpu", "webgpu"] as Target[]).map((target) =>
      new Interpreter(updateGraph(config, objective, target), batch.batch.sizes).run(batch.feeds),
    ) as [Map<string, Float64Array>, Map<string, Float64Array>];
    for (const [name, expected] of cpu) {
      const found = webgpu.get(name) as Float64Array;
      const error = Math.max(...expected.map((value, i) => Math.abs(value - (found[i] as number))));
      assert.ok(error < 1e-11 * Math.max(1, ...expected.map(Math.abs)), `${name}: ${error}`);
    }
  }
});

test("the graph's loss is the objective's formula over the tokens, and the feeds reach every piece of it", () => {
  for (const kl of ["k1", "k2", "k3"] as const) {
    const objective = grpo({ beta: 0.1, kl, entropy: 0.2, importanceCap: 1.5 });
    const { config, batch } = prepare(true, objective, 103);
    const results = new Interpreter(updateGraph(config, objective, "cpu"), batch.batch.sizes).run(batch.feeds);
    const at = (name: string, i: number) => Number(batch.feeds.get(name)?.[i]);
    const pieces = new Set<string>();
    let loss = 0;
    for (const [i, logprob] of (results.get("logprobs") as Float64Array).entries()) {
      if (at("weights", i) === 0) continue;
      const token = {
        logprob,
        oldLogprob: at("oldLogprobs", i),
        refLogprob: at("refLogprobs", i),
        samplerLogprob: at("samplerLogprobs", i),
        advantage: at("advantages", i),
        entropy: results.get("entropies")?.[i],
      };
      const ratio = Math.exp(logprob - token.oldLogprob);
      pieces.add(`${ratio < 0.8 ? "low" : ratio > 1.28 ? "high" : "within"} ${Math.sign(token.advantage)}`);
      pieces.add(token.oldLogprob - token.samplerLogprob > Math.log(1.5) ? "weight capped" : "weight free");
      pieces.add(Math.abs(token.refLogprob - logprob) > 20 ? "KL limited" : "KL free");
      loss += at("weights", i) * policyTokenLoss(numbers, token, objective);
    }
    const found = results.get("loss")?.[0] as number;
    // The graph's constants, as the clip's limits, are float32.
    assert.ok(Math.abs(found - loss) < 1e-6 * Math.abs(loss), `${found} instead of ${loss}`);
    assert.deepEqual(
      [...pieces].sort(),
      [
        "KL free",
        "KL limited",
        "high -1",
        "high 1",
        "low -1",
        "low 1",
        "weight capped",
        "weight free",
        "within -1",
        "within 1",
      ],
      "the test's own feeds",
    );
  }
});

test("a value's loss is added by its formula, and the feeds reach every piece of it", () => {
  const objective = ppo({ valueClip: 0.2 });
  const { config, batch } = prepare(false, objective, 106);
  const results = new Interpreter(updateGraph(config, objective, "cpu"), batch.batch.sizes).run(batch.feeds);
  const at = (name: string, i: number) => Number(batch.feeds.get(name)?.[i]);
  const pieces = new Set<string>();
  let valueLoss = 0;
  for (const [i, value] of (results.get("values") as Float64Array).entries()) {
    if (at("valueWeights", i) === 0) continue;
    const token = { value, oldValue: at("oldValues", i), target: at("valueTargets", i) };
    const loss = valueTokenLoss(numbers, token, objective);
    const counts = loss > 0.5 * (value - token.target) ** 2 + 1e-9 ? "clipped counts" : "own counts";
    const moved = value - token.oldValue;
    pieces.add(Math.abs(moved) < 0.2 ? "within" : `${moved < 0 ? "below" : "above"}, ${counts}`);
    valueLoss += at("valueWeights", i) * loss;
  }
  const all = ["above, clipped counts", "above, own counts", "below, clipped counts", "below, own counts", "within"];
  assert.deepEqual([...pieces].sort(), all, "the test's own feeds");
  const found = results.get("valueLoss")?.[0] as number;
  assert.ok(Math.abs(found - valueLoss) < 1e-6 * valueLoss, `${found} instead of ${valueLoss}`);
  const { loss: alone } = Object.fromEntries(
    new Interpreter(updateGraph(config, grpo({}), "cpu"), batch.batch.sizes).run(batch.feeds),
  );
  const added = (results.get("loss")?.[0] as number) - (alone?.[0] as number);
  assert.ok(Math.abs(added - 0.5 * found) < 1e-12, `${added} instead of half of ${found}`);
});

for (const threads of [1, 2, 4]) {
  test(`ONNX Runtime on ${threads} threads computes what the interpreter does`, async () => {
    for (const [tied, name] of [
      [false, "supervised"],
      [true, "GRPO with k2"],
      [false, "GRPO with k3 and entropy"],
      [true, "PPO with every term"],
    ] as const) {
      const objective = objectives[name] as Objective;
      const { config, batch } = prepare(tied, objective, 104);
      for (const graph of [logprobGraph(config, "cpu"), updateGraph(config, objective, "cpu")]) {
        const found = await runOnce(graph, batch.batch.sizes, batch.feeds, { device: "cpu", threads });
        assertClose(found, new Interpreter(graph, batch.batch.sizes).run(batch.feeds), 1e-5, 1);
      }
    }
  });
}
