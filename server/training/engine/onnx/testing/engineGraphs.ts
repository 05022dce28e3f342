/** Every graph the engine runs, of a tiny policy that has everything an architecture may add to a layer. */
import { ADAPTER_TARGETS } from "../../../../../schemas/adapter.ts";
import type { GrpoObjective } from "../../../objectives/objective.ts";
import type { Lora } from "../../lora.ts";
import { prefillGraph, stepGraph } from "../decoding/decoderGraphs.ts";
import { deviceStepGraph, joinGraph, keepGraph, mergeGraph } from "../decoding/deviceDecoderGraphs.ts";
import type { Graph, Target } from "../graph/graph.ts";
import { logprobGraph, updateGraph, valueGraph } from "../policyGraphs.ts";
import { adamwGraph, additionGraph, squaresGraph } from "../residence/adamwGraphs.ts";
import { tinyConfig } from "./tinyPolicy.ts";

/** Chunks of the vocabulary in `frugal`. */
export const frugalChunks = 3;

/** Products with weights in `halved`: of seven projections in two layers, forward and back; in `mixed` the head's too. */
export const halvedProducts = 28;
export const mixedProducts = 30;

/** Those that a device with a memory of its own runs besides the ones below. */
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

export const graphNames = [
  "update",
  "adapted",
  "halved",
  "quantized",
  "mixed",
  "supervised",
  "logprobs",
  "frugal",
  "ppo",
  "values",
  "prefill",
  "step",
] as const;

const EVERY_TERM: GrpoObjective = {
  kind: "grpo",
  clipLow: 0.2,
  clipHigh: 0.28,
  beta: 0.1,
  kl: "k3",
  entropy: 0.1,
  importanceCap: 2,
};

const LORA: Lora = { rank: 2, alpha: 4, rankStabilized: false, dropout: 0.1, targets: ADAPTER_TARGETS };
const FITTING_BLOCKS = { hidden: 32, headSize: 8, intermediate: 64 };

/**
 * Under the names above; `update` has every term that a GRPO objective can have, `frugal` too, and saves all memory that it can, and `ppo` beside a
 * value's loss; `adapted` has an adapter with dropout, and so have `halved` and `quantized`, above weights in float16 and in blocks of 4 bits;
 * `mixed` has products in float16.
 */
export function engineGraph(name: string, target: Target): Graph {
  const config = tinyConfig(false, { headNorms: true, biases: ["q_proj", "k_proj", "v_proj", "o_proj"] });
  const columns = Math.ceil(config.vocabulary / frugalChunks);
  switch (name) {
    case "update":
      return updateGraph(config, EVERY_TERM, target);
    case "frugal":
      return updateGraph(config, EVERY_TERM, target, { columns, checkpointing: true });
    case "ppo":
      return updateGraph(config, { ...EVERY_TERM, kind: "ppo", valueCoefficient: 0.5, valueClip: 0.2 }, target);
    case "values":
      return valueGraph(config, target);
    case "adapted":
      return updateGraph(config, { kind: "supervised" }, target, { lora: LORA });
    case "quantized":
      return updateGraph({ ...config, ...FITTING_BLOCKS }, EVERY_TERM, target, {
        lora: { ...LORA, frozen: { kind: "blocks", block: 16 } },
      });
    case "mixed":
      return updateGraph(config, EVERY_TERM, target, { precision: "f16" });
    case "halved":
      return updateGraph(config, EVERY_TERM, target, { lora: { ...LORA, frozen: { kind: "half" } } });
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
