/** Adapters of the benchmark, in the engine's words. */
import type { AdapterTarget } from "../../schemas/adapter.ts";
import type { Lora } from "../../server/training/engine/lora.ts";
import type { Adapter } from "./operations.ts";

/** As PEFT has it by default, α twice the rank: bench/peers/torch_update.py and trl_step.py ask for the same. */
export function loraOf({ rank, targets }: Adapter): Lora & { targets: AdapterTarget[] } {
  return {
    rank,
    alpha: 2 * rank,
    rankStabilized: false,
    dropout: 0,
    targets: targets.map((name) => `${name}_proj` as const),
  };
}
