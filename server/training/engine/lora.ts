/**
 * LoRA (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", section 4.1): a frozen projection W [out, in] is
 * computed as x·Wᵀ + s·(x·Aᵀ)·Bᵀ, with A [rank, in] and B [out, rank] trained in its place.
 */
import { ADAPTER_TARGETS, type AdapterSettings, type AdapterTarget, type BlockSize } from "../../../schemas/adapter.ts";

export interface Lora {
  /** r, at least 1. */
  rank: number;
  /** The change's weight before it is divided, above 0. */
  alpha: number;
  /** Divide by √r instead of r. */
  rankStabilized: boolean;
  /** Share of A's input that an update leaves out, in [0, 1). */
  dropout: number;
  /** At least one. */
  targets: readonly AdapterTarget[];
  /** Undefined where the frozen weights are float32. */
  frozen?: FrozenForm;
}

/**
 * How the weights of the frozen projections, those without an adapter too, are kept: as float16 numbers, or in blocks of so many 4-bit
 * integers that share a scale (Dettmers et al., "QLoRA: Efficient Finetuning of Quantized LLMs").
 */
export type FrozenForm = { kind: "half" } | { kind: "blocks"; block: BlockSize };

/** Undefined where the settings train every weight. */
export function loraOf(settings: AdapterSettings): Lora | undefined {
  if (settings.kind === "none") return undefined;
  const { rank, alpha, rankStabilized, dropout, base, block } = settings;
  const wanted = settings.targets === "all-linear" ? ADAPTER_TARGETS : settings.targets;
  // In one order, so that how a list was written changes nothing.
  const targets = ADAPTER_TARGETS.filter((target) => wanted.includes(target));
  return { rank, alpha, rankStabilized, dropout, targets, ...(base !== "f32" && { frozen: formOf(base, block) }) };
}

const formOf = (base: "f16" | "int4", block: BlockSize): FrozenForm =>
  base === "f16" ? { kind: "half" } : { kind: "blocks", block };

/** s: α/r (Hu et al., section 4.1), or α/√r (Kalajdzievski, "A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA", theorem 3.2). */
export function scaleOf({ rank, alpha, rankStabilized }: Lora): number {
  return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
}
