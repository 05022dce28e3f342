/** The golden files that the scripts in scripts/golden made with PyTorch in float64. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../../../toolcalls/documents.ts";
import type { GrpoObjective, PpoObjective } from "../../../objectives/objective.ts";
import type { Lora } from "../../lora.ts";
import type { LearningGroup, LearningSignal } from "../../policyEngine.ts";
import { asFloat32, readSafetensors } from "../../safetensors.ts";
import { readPeftConfig } from "../adapter/peft/peftConfig.ts";

export interface GoldenCompletion {
  tokens: number[];
  /** That predict each token, at temperature 1: [token][vocabulary]. */
  logits: number[][];
  logprobs: number[];
  entropies: number[];
  advantage: number;
  oldLogprobs: number[];
  refLogprobs: number[];
}

export interface AdamWRun {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  maxGradNorm: number;
  steps: number;
  weightDecay: number;
  losses: number[];
  gradNorms: number[];
}

export interface Golden {
  temperature: number;
  groups: { prompt: number[]; completions: GoldenCompletion[] }[];
  supervised: { temperature: number; loss: number; gradNorm: number; adamw: AdamWRun[] };
  grpo: { temperature: number; objective: GrpoObjective; loss: number; gradNorm: number };
}

/** One number for each token of a completion. */
type GoldenValues = Record<"values" | "oldValues" | "returns" | "samplerLogprobs", number[]>;

/** What ppo.py wrote beside the answers of a model. */
export interface PpoGolden {
  /** Of the value head, by name. */
  head: Record<string, number[]>;
  /** [group][completion]. */
  groups: GoldenValues[][];
  answers: { objective: PpoObjective; loss: number; valueLoss: number; gradNorm: number }[];
}

/** Folders of qwen2.py, then of architectures.py. */
export const goldenModels = [
  "tied",
  "untied",
  "llama3",
  "smollm2",
  "llama-biases",
  "mistral",
  "qwen3",
  "qwen3-biases",
] as const;

/** Folders of lora.py, each with an adapter as PEFT saved it. */
export const adaptedModels = ["lora", "rslora"] as const;

/** Folders that ppo.py read: one of which all weights are trained, and one with an adapter. */
export const valuedModels = ["smollm2", "lora"] as const;

/** The shape of a golden model's adapter, dropout left out. */
export function goldenLora(model: string): Lora {
  return { ...readPeftConfig(readJson(join(goldenAdapter(model), "adapter_config.json"))), dropout: 0 };
}

export function goldenAdapter(model: string): string {
  return join(goldenDir(model), "adapter");
}

export function goldenDir(model: string): string {
  return join(import.meta.dirname, "golden", model);
}

export function readGolden(model: string): Golden {
  return JSON.parse(readFileSync(join(goldenDir(model), "golden.json"), "utf8")) as Golden;
}

export function readPpoGolden(model: string): PpoGolden {
  return JSON.parse(readFileSync(join(goldenDir(model), "ppo.json"), "utf8")) as PpoGolden;
}

export function readGradients(model: string, objective: string): Map<string, Float32Array> {
  const { tensors } = readSafetensors(join(goldenDir(model), `gradients.${objective}.safetensors`));
  return new Map([...tensors].map(([name, tensor]) => [name, asFloat32(tensor)]));
}

/** The golden groups as a mini-batch with token-mean weights. */
export function goldenMiniBatch(golden: Golden): LearningGroup[] {
  const total = golden.groups
    .flatMap(({ completions }) => completions)
    .reduce((sum, { tokens }) => sum + tokens.length, 0);
  return golden.groups.map(({ prompt, completions }) => ({
    prompt: Int32Array.from(prompt),
    completions: completions.map(({ tokens }) => Int32Array.from(tokens)),
    signals: completions.map(({ tokens, advantage, oldLogprobs, refLogprobs }) => ({
      weights: new Float32Array(tokens.length).fill(1 / total),
      advantage,
      oldLogprobs: Float32Array.from(oldLogprobs),
      refLogprobs: Float32Array.from(refLogprobs),
    })),
  }));
}

/** The same with what a value head learns: at every token, or where a turn is one action, at the first of each completion. */
export function goldenEpisodes(golden: Golden, { groups }: PpoGolden, learnt: "tokens" | "turns"): LearningGroup[] {
  const batch = goldenMiniBatch(golden);
  const of = (g: number, c: number) => groups[g]?.[c] as GoldenValues;
  const completions = batch.reduce((sum, group) => sum + group.completions.length, 0);
  return batch.map((group, g) => ({
    ...group,
    signals: group.signals.map((signal, c): LearningSignal => {
      const { oldValues, returns, samplerLogprobs } = of(g, c);
      const perTurn = Float32Array.from(oldValues, (_, token) => (token === 0 ? 1 / completions : 0));
      return {
        ...signal,
        samplerLogprobs: Float32Array.from(samplerLogprobs),
        values: {
          old: Float32Array.from(oldValues),
          targets: Float32Array.from(returns),
          weights: learnt === "tokens" ? signal.weights : perTurn,
        },
      };
    }),
  }));
}

/** ‖a − b‖ / ‖b‖. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, scale] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += ((a[i] as number) - (b[i] as number)) ** 2;
    scale += (b[i] as number) ** 2;
  }
  return Math.sqrt(difference / Math.max(scale, 1e-30));
}
