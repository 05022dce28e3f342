/** Every graph the engine runs, of a tiny policy that has everything an architecture may add to a layer. */
import { ADAPTER_TARGETS } from "../../../../../schemas/adapter.ts";
import { prefillGraph, stepGraph } from "../decoderGraphs.ts";
import type { Graph, Target } from "../graph.ts";
import { logprobGraph, updateGraph } from "../policyGraphs.ts";
import { tinyConfig } from "./tinyPolicy.ts";

export const graphNames = ["update", "adapted", "supervised", "logprobs", "prefill", "step"] as const;

/** Under the names above; `update` has every term that a GRPO objective can have, `adapted` an adapter with dropout. */
export function engineGraph(name: string, target: Target): Graph {
  const config = tinyConfig(false, { headNorms: true, biases: ["q_proj", "k_proj", "v_proj", "o_proj"] });
  switch (name) {
    case "update":
      return updateGraph(
        config,
        { kind: "grpo", clipLow: 0.2, clipHigh: 0.28, beta: 0.1, kl: "k3", entropy: 0.1 },
        target,
      );
    case "adapted":
      return updateGraph(config, { kind: "supervised" }, target, {
        rank: 2,
        alpha: 4,
        rankStabilized: false,
        dropout: 0.1,
        targets: ADAPTER_TARGETS,
      });
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
