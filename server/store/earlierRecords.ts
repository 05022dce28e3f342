/** Records that an earlier version wrote, with what it could not know: the settings that came later, as that version behaved. */

import { dirname, join } from "node:path";
import { ADAPTER_DEFAULTS } from "../../schemas/adapter.ts";
import type { Settings } from "../../schemas/experiment.ts";
import { merged, type Override } from "../../schemas/override.ts";
import { PPO_DEFAULTS } from "../../schemas/ppo.ts";
import { PRESETS } from "../../schemas/presets.ts";
import { REWARD_DEFAULTS } from "../../schemas/rewards.ts";
import { RUN_FORMAT } from "../../schemas/run.ts";
import { SPARK_DEFAULTS } from "../../schemas/spark.ts";
import { isJsonObject } from "../toolcalls/json.ts";

/** Format 2 brought hard sampling, settings of rewards, prompts' styles, decay and measures of stability. Format 1 had none of them. */
const BEFORE_FORMAT_2: Override<Settings> = {
  rewards: REWARD_DEFAULTS,
  prompt: "tool-call",
  optimizer: { decay: { factor: 1, every: "round", steps: 1 } },
  probe: { mode: "full" },
  curriculum: { ...PRESETS.grpo.settings.curriculum, mode: "none", epochsPerRound: 1, replacements: false },
  stability: { ...PRESETS.grpo.settings.stability, collapse: { drop: 0.5, patience: 10, action: "none" } },
};

/**
 * Format 3 brought the limit of sequences decoded together, which had been 256 for all, gradient checkpointing, truncated
 * importance sampling and adapters; before, every parameter was trained.
 */
const BEFORE_FORMAT_3: Override<Settings> = {
  sampling: { maxSequences: 256 },
  objective: { importanceCap: 0 },
  optimizer: { checkpointing: false },
  adapter: ADAPTER_DEFAULTS,
};

/** Format 4 brought 4-bit weights under an adapter; before, all were float32. */
const BEFORE_FORMAT_4: Override<Settings> = {
  adapter: { base: "f32", block: ADAPTER_DEFAULTS.block },
};

/** Format 5 brought SPaRK with PPO and products in float16; before, no run had episodes, and all products were float32. */
const BEFORE_FORMAT_5: Override<Settings> = {
  spark: SPARK_DEFAULTS,
  ppo: PPO_DEFAULTS,
  evaluation: { episodes: 4, temperature: 0.7 },
  optimizer: { precision: "f32" },
};

/** Format 6 brought tools that the system message tells of; before, that was left to the chat template. */
const BEFORE_FORMAT_6: Override<Settings> = { toolPrompt: "template" };

const EARLIER: readonly unknown[] = [1, 2, 3, 4, 5];

/** In the order of the formats that brought them. */
const EACH = [BEFORE_FORMAT_2, BEFORE_FORMAT_3, BEFORE_FORMAT_4, BEFORE_FORMAT_5, BEFORE_FORMAT_6];

/** A record in the form of today; what is no record of an earlier format comes back as it is, for the check to refuse. */
export function broughtUp(value: unknown): unknown {
  if (!isJsonObject(value) || !EARLIER.includes(value.format)) return value;
  const { experiment, engine } = value;
  if (!isJsonObject(experiment) || !isJsonObject(experiment.settings)) return value;
  const brought = EACH.slice(Number(value.format) - 1);
  const settings = brought.reduce<Record<string, unknown>>((own, before) => merged(before, own), experiment.settings);
  const file = typeof experiment.file === "string" ? experiment.file : undefined;
  const replacements = value.format === 1 && { replacements: file ? join(dirname(file), "replacements") : "" };
  return {
    ...value,
    format: RUN_FORMAT,
    experiment: { ...experiment, ...replacements, settings },
    ...(isJsonObject(engine) && { engine: { trained: engine.parameters, ...engine } }),
  };
}
