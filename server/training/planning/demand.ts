/** What a run needs of a machine's memory with some settings, and how that stands to what is free. */
import type { TrainingDevice } from "../../../schemas/devices.ts";
import type { PresetName, Settings } from "../../../schemas/experiment.ts";
import { loraOf } from "../engine/lora.ts";
import { cardBytes, cudaBytes, type MemorySettings, memoryParts, totalOf } from "../engine/onnx/memory/estimate.ts";
import type { ModelConfig } from "../engine/onnx/model/modelConfig.ts";

/** What of the machine's memory a run may be reckoned to take: the rest is for the server, the editor and what is not reckoned. */
export const SHARE = 0.9;

/** Tokens of a micro-batch; below these, smaller numbers save next to nothing. */
export const LEAST_TOKENS = 256;

/** The longest prompt that the run's rows have, tokens; at most its budget. */
export interface Lengths {
  prompt: number;
}

/** Bytes that are free: the machine's, and the graphics card's where one computes and tells it. */
export interface Available {
  host: number;
  card?: number | undefined;
  /** What computes; the CPU where nothing is said. */
  device?: TrainingDevice;
}

export interface Demand {
  needed: number;
  free: number;
  what: string;
}

export const share = ({ needed, free }: Demand): number => needed / free;
export const fits = ({ needed, free }: Demand): boolean => needed <= SHARE * free;

/** Of the machine's memory and the card's, the one that is nearer to its end. */
export function tightest(config: ModelConfig, settings: MemorySettings, { host, card, device }: Available): Demand {
  const onHost = { needed: totalOf(memoryParts(config, settings)), free: host, what: "memory" };
  if (card === undefined) return onHost;
  const onCard = {
    needed: (device === "cuda" ? cudaBytes : cardBytes)(config, settings),
    free: card,
    what: "the graphics card's memory",
  };
  return onCard.needed / card > onHost.needed / host ? onCard : onHost;
}

/** Completions that are drawn together for one prompt: what learns from what is stored draws one at a time, to be evaluated. */
export const groupOf = ({ sampling, probe }: Settings, preset: PresetName): number =>
  preset === "sft" || preset === "spark"
    ? 1
    : Math.max(sampling.groupSize, probe.before || probe.after ? probe.rollouts : 1);

const isPlain = ({ curriculum }: Settings): boolean => curriculum.mode === "none" && !curriculum.replacements;

export function memorySettings(
  settings: Settings,
  preset: PresetName,
  lengths: Lengths,
): Omit<MemorySettings, "threads"> {
  const supervised = preset === "sft";
  const { sampling, optimizer, objective } = settings;
  return {
    // Few-shots and edits make prompts longer than any row of the file.
    prompt: isPlain(settings) ? Math.min(lengths.prompt, settings.lengths.prompt) : settings.lengths.prompt,
    response: settings.lengths.response,
    groupSize: groupOf(settings, preset),
    prompts: sampling.promptsPerStep,
    microBatchTokens: optimizer.microBatchTokens,
    maxSequences: sampling.maxSequences,
    reference: !supervised && objective.beta > 0,
    entropy: !supervised && objective.entropy > 0,
    checkpointing: optimizer.checkpointing,
    lora: loraOf(settings.adapter),
    valueHead: preset === "spark",
  };
}

export type Base = Settings["adapter"]["base"];

/** Settings in place of the experiment's. */
export interface Changes {
  microBatchTokens?: number;
  maxSequences?: number;
  response?: number;
  prompt?: number;
  beta?: number;
  base?: Base;
}

export function changed(settings: Settings, changes: Changes): Settings {
  const { sampling, optimizer, lengths, objective, adapter } = settings;
  return {
    ...settings,
    adapter: { ...adapter, base: changes.base ?? adapter.base },
    sampling: { ...sampling, maxSequences: changes.maxSequences ?? sampling.maxSequences },
    optimizer: { ...optimizer, microBatchTokens: changes.microBatchTokens ?? optimizer.microBatchTokens },
    lengths: { prompt: changes.prompt ?? lengths.prompt, response: changes.response ?? lengths.response },
    objective: { ...objective, beta: changes.beta ?? objective.beta },
  };
}

export function gibibytes(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return gib >= 1 ? `${gib.toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
