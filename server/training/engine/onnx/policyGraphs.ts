/** The two graphs that score completions: log-probabilities alone, and the gradient of an objective. */
import { grpoTokenLoss } from "../../objectives/grpo.ts";
import type { Objective } from "../../objectives/objective.ts";
import { supervisedTokenLoss } from "../../objectives/supervised.ts";
import type { Lora } from "../lora.ts";
import { withDropout } from "./adapterGraph.ts";
import { gradients } from "./autodiff.ts";
import { times } from "./dims.ts";
import { Graph, type Target, type Value } from "./graph.ts";
import { graphAlgebra } from "./graphAlgebra.ts";
import { type Decoder, decoderOn, logits } from "./layer.ts";
import type { ModelConfig } from "./modelConfig.ts";
import { mul, sumAll } from "./ops/elementwise.ts";
import { entropy, tokenLogprobs } from "./ops/logprobs.ts";
import { completionRows, completionStates, ROWS } from "./transformer.ts";

/** One row per completion token of the batch. */
const TOKENS = [times("B", "G", "L"), 1] as const;

/** Name of the output that holds a parameter's gradient. */
export const gradientOf = (parameter: string) => `gradient:${parameter}`;

interface Scored {
  z: Value;
  logprob: Value;
}

/** The forward pass: inputs of transformer.ts plus `targets` [B·G·L, 1] and the scalar `inverseTemperature`. */
function scored(decoder: Decoder): Scored {
  const { graph } = decoder;
  const states = completionStates(decoder);
  // Dividing the states by the temperature is cheaper than dividing the logits.
  const cooled = mul(graph, states, graph.input("inverseTemperature", []));
  const z = logits(decoder, cooled);
  const logprob = tokenLogprobs(graph, z, graph.input("targets", TOKENS, "int64"));
  graph.output("logprobs", logprob);
  return { z, logprob };
}

/** Output `logprobs` [B·G·L, 1]. */
export function logprobGraph(config: ModelConfig, target: Target, lora?: Lora): Graph {
  const graph = new Graph(target);
  scored(decoderOn(graph, config, lora));
  return graph;
}

/**
 * Outputs `logprobs`, `loss`, the gradient of every parameter that is trained (all of them, or the adapter's alone), and
 * `entropies` where the objective has an entropy term.
 * Further inputs, all [B·G·L, 1]: `weights`, and for GRPO `advantages`, `oldLogprobs` and, where beta > 0, `refLogprobs`;
 * those of dropoutFactors.ts where the adapter has dropout.
 */
export function updateGraph(config: ModelConfig, objective: Objective, target: Target, lora?: Lora): Graph {
  const graph = new Graph(target);
  const decoder = trainingMode(decoderOn(graph, config, lora));
  const trained = decoder.adapter?.parameters ?? decoder.parameters;
  const { z, logprob } = scored(decoder);
  const perToken = tokenLoss(graph, objective, z, logprob);
  const loss = sumAll(graph, mul(graph, perToken, graph.input("weights", TOKENS)));
  graph.output("loss", loss);
  const values = gradients(graph, loss, [...trained.values()]);
  for (const [index, name] of [...trained.keys()].entries()) graph.output(gradientOf(name), values[index] as Value);
  return graph;
}

/** With the noise that only training has. */
function trainingMode(decoder: Decoder): Decoder {
  const { graph, adapter } = decoder;
  if (adapter === undefined || adapter.lora.dropout === 0) return decoder;
  return { ...decoder, adapter: withDropout(graph, adapter, ROWS, (rows) => completionRows(graph, rows)) };
}

function tokenLoss(graph: Graph, objective: Objective, z: Value, logprob: Value): Value {
  const algebra = graphAlgebra(graph);
  if (objective.kind === "supervised") return supervisedTokenLoss(algebra, logprob);
  const entropies = objective.entropy > 0 ? entropy(graph, z) : undefined;
  if (entropies) graph.output("entropies", entropies);
  const terms = {
    logprob,
    oldLogprob: graph.input("oldLogprobs", TOKENS),
    refLogprob: objective.beta > 0 ? graph.input("refLogprobs", TOKENS) : undefined,
    advantage: graph.input("advantages", TOKENS),
    entropy: entropies,
  };
  return grpoTokenLoss(algebra, terms, objective);
}
