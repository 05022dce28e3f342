/** Every graph the engine runs, of a tiny policy that has everything an architecture may add to a layer. */
import { adamwGraph, additionGraph, squaresGraph } from "../adamwGraphs.ts";
import { prefillGraph, stepGraph } from "../decoderGraphs.ts";
import { deviceStepGraph, joinGraph, keepGraph, mergeGraph } from "../deviceDecoderGraphs.ts";
import type { Graph, Target } from "../graph.ts";
import { logprobGraph, updateGraph } from "../policyGraphs.ts";
import { tinyConfig } from "./tinyPolicy.ts";

export const graphNames = ["update", "supervised", "logprobs", "prefill", "step"] as const;
/** Those that a device with a memory of its own runs besides. */
export const deviceGraphNames = [
  "likeliest",
  "distributions",
  "merge",
  "keep",
  "join",
  "adamw",
  "squares",
  "addition",
] as const;

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
      return target === "cpu" ? stepGraph(config) : deviceStepGraph(config, target, "draw");
    case "likeliest":
    case "distributions":
      return deviceStepGraph(config, target, name);
    case "merge":
      return mergeGraph(config, target);
    case "keep":
      return keepGraph(config, target);
    case "join":
      return joinGraph(config, target);
    case "adamw":
      return adamwGraph(target, 2, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 });
    case "squares":
      return squaresGraph(target, 2);
    case "addition":
      return additionGraph(target, 2);
    default:
      throw new Error(`No graph ${name}`);
  }
}
