/** The engine's graphs of a policy that is small enough to compile at once: what operators a training needs of a device. */
import { prefillGraph, stepGraph } from "../decoderGraphs.ts";
import type { Graph, Target } from "../graph.ts";
import type { ModelConfig } from "../modelConfig.ts";
import { logprobGraph, updateGraph } from "../policyGraphs.ts";

/** With every part that a family of models may have. */
const CONFIG: ModelConfig = {
  architecture: "qwen3",
  vocabulary: 32,
  hidden: 16,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 4,
  intermediate: 24,
  maxPositions: 32,
  positionsLimit: "max_position_embeddings",
  normEpsilon: 1e-6,
  ropeTheta: 10_000,
  ropeScaling: undefined,
  biases: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
  headNorms: true,
  tied: true,
};

/** With every term that an objective may have. */
export function sampleGraphs(target: Target): Graph[] {
  const objective = { kind: "grpo", clipLow: 0.2, clipHigh: 0.28, beta: 0.1, kl: "k3", entropy: 0.1 } as const;
  return [
    updateGraph(CONFIG, objective, target),
    logprobGraph(CONFIG, target),
    prefillGraph(CONFIG, target),
    stepGraph(CONFIG, target),
  ];
}
