/** The graphs that score completions: log-probabilities alone, values alone, and the gradient of an objective. */
import type { Objective, PpoObjective } from "../../objectives/objective.ts";
import { policyTokenLoss } from "../../objectives/policyLoss.ts";
import { supervisedTokenLoss } from "../../objectives/supervised.ts";
import { valueTokenLoss } from "../../objectives/valueLoss.ts";
import type { Lora } from "../lora.ts";
import { withDropout } from "./adapter/adapterGraph.ts";
import { gradients } from "./graph/autodiff.ts";
import { times } from "./graph/dims.ts";
import { Graph, type Precision, type Target, type Value } from "./graph/graph.ts";
import { graphAlgebra } from "./graph/graphAlgebra.ts";
import { type Decoder, decoderOn, headWeight, logits } from "./model/layer.ts";
import type { ModelConfig } from "./model/modelConfig.ts";
import { completionRows, completionStates, ROWS } from "./model/transformer.ts";
import { add, mul, sumAll } from "./ops/elementwise.ts";
import { entropy, tokenLogprobs } from "./ops/logprobs.ts";
import { type Scores, vocabularyScores } from "./ops/vocabulary.ts";
import { valueHeadOn, valuesOf } from "./valueHead/valueHead.ts";

/** One row per completion token of the batch. */
const TOKENS = [times("B", "G", "L"), 1] as const;

/** Name of the scalar input S of objectives/lossScaling.ts. */
export const LOSS_SCALE = "lossScale";

/** Name of the output that holds a parameter's gradient. */
export const gradientOf = (parameter: string) => `gradient:${parameter}`;

/** What is kept in memory at once. Results differ by rounding alone. */
export interface MemoryPlan {
  /** Columns of the logits that are made at a time (chunkColumns); all unless given. */
  columns?: number;
  /** Whether a layer's results are computed again for its gradient instead of being kept. */
  checkpointing?: boolean;
}

export interface PolicyGraphOptions extends MemoryPlan {
  /** Of the products of linear layers, forward and back; float32 unless given. */
  precision?: Precision;
  /** An adapter, which is then what is trained. */
  lora?: Lora | undefined;
}

/**
 * Scores of the states of completionStates. Further inputs: `targets` [B·G·L, 1] and the scalar `inverseTemperature`; with a
 * memory plan also the scalar `zero` (ops/order.ts).
 */
function scored(decoder: Decoder, states: Value, plan: MemoryPlan, withEntropy: boolean): Scores {
  const { graph } = decoder;
  // Dividing the states by the temperature is cheaper than dividing the logits.
  const cooled = mul(graph, states, graph.input("inverseTemperature", []));
  const scores = scoresOf(decoder, cooled, graph.input("targets", TOKENS, "int64"), plan, withEntropy);
  graph.output("logprobs", scores.logprob);
  return scores;
}

function scoresOf(decoder: Decoder, states: Value, ids: Value, plan: MemoryPlan, withEntropy: boolean): Scores {
  const { graph, config } = decoder;
  const { columns = config.vocabulary } = plan;
  if (columns < config.vocabulary) {
    return vocabularyScores(graph, { states, head: headWeight(decoder), ids }, columns, withEntropy);
  }
  const z = logits(decoder, states);
  const logprob = tokenLogprobs(graph, z, ids);
  return { logprob, ...(withEntropy ? { entropy: entropy(graph, z) } : {}) };
}

/** Output `logprobs` [B·G·L, 1]. */
export function logprobGraph(
  config: ModelConfig,
  target: Target,
  { lora, precision, ...plan }: PolicyGraphOptions = {},
): Graph {
  const graph = new Graph(target, precision);
  const decoder = decoderOn(graph, config, lora);
  scored(decoder, completionStates(decoder), plan, false);
  return graph;
}

/** Output `values` [B·G·L, 1], what the value head says of the states that the logits are made from. */
export function valueGraph(config: ModelConfig, target: Target, { lora, precision }: PolicyGraphOptions = {}): Graph {
  const graph = new Graph(target, precision);
  const states = completionStates(decoderOn(graph, config, lora));
  graph.output("values", valuesOf(graph, states, valueHeadOn(graph, config)));
  return graph;
}

/**
 * Outputs `logprobs`, `loss`, the gradient of every parameter that is trained (all of them, or the adapter's alone), and
 * `entropies` where the objective has an entropy term. Of PPO also `values`, `valueLoss` and the gradient of the value head.
 * Further inputs, all [B·G·L, 1]: `weights`, and for GRPO and PPO `advantages`, `oldLogprobs`; `refLogprobs` where beta > 0;
 * `samplerLogprobs` with importanceCap; for PPO `oldValues`, `valueTargets`, `valueWeights`; those of dropoutFactors.ts where
 * the adapter has dropout. With products in float16 the scalar `lossScale`, with which every gradient is
 * multiplied.
 */
export function updateGraph(
  config: ModelConfig,
  objective: Objective,
  target: Target,
  { lora, precision, ...plan }: PolicyGraphOptions = {},
): Graph {
  const graph = new Graph(target, precision);
  const decoder = trainingMode(decoderOn(graph, config, lora));
  const head = objective.kind === "ppo" ? valueHeadOn(graph, config) : new Map<string, Value>();
  const trained = new Map([...(decoder.adapter?.parameters ?? decoder.parameters), ...head]);
  const states = completionStates(decoder, plan.checkpointing);
  const scores = scored(decoder, states, plan, hasEntropy(objective));
  const perToken = tokenLoss(graph, objective, scores);
  const policyLoss = sumAll(graph, mul(graph, perToken, graph.input("weights", TOKENS)));
  const loss =
    objective.kind === "ppo"
      ? add(graph, policyLoss, weightedValueLoss(graph, objective, valuesOf(graph, states, head)))
      : policyLoss;
  graph.output("loss", loss);
  const cotangent = precision === "f16" ? graph.input(LOSS_SCALE, []) : undefined;
  const found = gradients(graph, loss, [...trained.values()], cotangent);
  for (const [index, name] of [...trained.keys()].entries()) graph.output(gradientOf(name), found[index] as Value);
  return graph;
}

/** c_V·Σ weight·L^V, whose gradient goes into the head and into the states that it reads. */
function weightedValueLoss(graph: Graph, objective: PpoObjective, value: Value): Value {
  graph.output("values", value);
  const terms = { value, oldValue: graph.input("oldValues", TOKENS), target: graph.input("valueTargets", TOKENS) };
  const perToken = valueTokenLoss(graphAlgebra(graph), terms, objective);
  const loss = sumAll(graph, mul(graph, perToken, graph.input("valueWeights", TOKENS)));
  graph.output("valueLoss", loss);
  return mul(graph, loss, graph.scalar(objective.valueCoefficient));
}

/** Whether an objective asks for entropies. */
export const hasEntropy = (objective: Objective) => objective.kind !== "supervised" && objective.entropy > 0;

/** With the noise that only training has. */
function trainingMode(decoder: Decoder): Decoder {
  const { graph, adapter } = decoder;
  if (adapter === undefined || adapter.lora.dropout === 0) return decoder;
  return { ...decoder, adapter: withDropout(graph, adapter, ROWS, (rows) => completionRows(graph, rows)) };
}

function tokenLoss(graph: Graph, objective: Objective, { logprob, entropy: entropies }: Scores): Value {
  const algebra = graphAlgebra(graph);
  if (objective.kind === "supervised") return supervisedTokenLoss(algebra, logprob);
  if (entropies) graph.output("entropies", entropies);
  const terms = {
    logprob,
    oldLogprob: graph.input("oldLogprobs", TOKENS),
    refLogprob: objective.beta > 0 ? graph.input("refLogprobs", TOKENS) : undefined,
    samplerLogprob: objective.importanceCap !== undefined ? graph.input("samplerLogprobs", TOKENS) : undefined,
    advantage: graph.input("advantages", TOKENS),
    entropy: entropies,
  };
  return policyTokenLoss(algebra, terms, objective);
}
