/** The engine's graphs of a policy that is small enough to compile at once: what operators a training needs of a device. */

import { prefillGraph, stepGraph } from "../decoding/decoderGraphs.ts";
import { deviceStepGraph, joinGraph, keepGraph, mergeGraph } from "../decoding/deviceDecoderGraphs.ts";
import type { Graph, Target } from "../graph/graph.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { logprobGraph, updateGraph } from "../policyGraphs.ts";
import { adamwGraph, additionGraph, squaresGraph } from "../residence/adamwGraphs.ts";

/** With every part that a family of models may have. */
export const SAMPLE_CONFIG: ModelConfig = {
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

const ADAMW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 };

/** With every term that an objective may have; of a device with a memory of its own, what moves and changes things in it too. */
export function sampleGraphs(target: Target): Graph[] {
  return [
    sampleUpdate(target),
    logprobGraph(SAMPLE_CONFIG, target),
    prefillGraph(SAMPLE_CONFIG, target),
    ...(target === "cpu" ? [stepGraph(SAMPLE_CONFIG)] : deviceGraphs(target)),
  ];
}

export function sampleUpdate(target: Target): Graph {
  const objective = { kind: "grpo", clipLow: 0.2, clipHigh: 0.28, beta: 0.1, kl: "k3", entropy: 0.1 } as const;
  return updateGraph(SAMPLE_CONFIG, objective, target);
}

const deviceGraphs = (target: Target): Graph[] => [
  deviceStepGraph(SAMPLE_CONFIG, target, "draw"),
  mergeGraph(SAMPLE_CONFIG, target),
  keepGraph(SAMPLE_CONFIG, target),
  joinGraph(SAMPLE_CONFIG, target),
  adamwGraph(target, 2, ADAMW),
  squaresGraph(target, 2),
  additionGraph(target, 2),
];
