/** Every graph the engine runs, of a tiny policy that has everything an architecture may add to a layer. */
import { prefillGraph, stepGraph } from "../decoderGraphs.ts";
import type { Graph, Target } from "../graph.ts";
import { logprobGraph, updateGraph } from "../policyGraphs.ts";
import { tinyConfig } from "./tinyPolicy.ts";

export const graphNames = ["update", "supervised", "logprobs", "prefill", "step"] as const;

/** Under the names above; `update` has every term that a GRPO objective can have. */
export function engineGraph(name: string, target: Target): Graph {
  const config = tinyConfig(false, { headNorms: true, biases: ["q_proj", "k_proj", "v_proj", "o_proj"] });
  switch (name) {
    case "update":
      return updateGraph(
        config,
        { kind: "grpo", clipLow: 0.2, clipHigh: 0.28, beta: 0.1, kl: "k3", entropy: 0.1 },
        target,
      );
    case "supervised":
      return updateGraph(config, { kind: "supervised" }, target);
    case "logprobs":
      return logprobGraph(config, target);
    case "prefill":
      return prefillGraph(config, target);
    case "step":
      return stepGraph(config, target);
    default:
      throw new Error(`No graph ${name}`);
  }
}
