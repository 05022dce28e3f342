/** Settings that only memory depends on, chosen so that a run fits; and the sentence for a run that cannot. */
import type { ResolvedExperiment, Settings } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import { type MemorySettings, memoryParts, totalOf } from "../engine/onnx/memory/estimate.ts";
import type { ModelConfig } from "../engine/onnx/modelConfig.ts";
import type { Dataset } from "../rows.ts";

/** What of the machine's memory a run may be reckoned to take: the rest is for the server, the editor and what is not reckoned. */
const SHARE = 0.9;
/** Below these, smaller numbers save next to nothing. */
const LEAST_TOKENS = 256;

export interface MemoryPlan {
  microBatchTokens: number;
  maxSequences: number;
  /** One sentence. */
  memory: string;
}

/** The longest prompt that the run's rows have, tokens; at most its budget. */
export interface Lengths {
  prompt: number;
}

/**
 * The preset's numbers where they fit, else halves of them; those that the file sets stay as they are.
 *
 * @param available bytes
 * @throws InputError where nothing fits: how much it needs, how much there is, and what would make it fit
 */
export function planMemory(
  experiment: Pick<ResolvedExperiment, "preset" | "settings" | "set" | "file">,
  config: ModelConfig,
  lengths: Lengths,
  available: number,
): MemoryPlan {
  const { settings, set = [], file } = experiment;
  const limit = SHARE * available;
  const needed = (changes: Changes = {}): number =>
    totalOf(memoryParts(config, memorySettings(changed(settings, changes), experiment.preset === "sft", lengths)));
  let { microBatchTokens } = settings.optimizer;
  let { maxSequences } = settings.sampling;
  const group = groupOf(settings, experiment.preset === "sft");
  const now = (): number => needed({ microBatchTokens, maxSequences });
  while (!set.includes("microBatchTokens") && now() > limit && microBatchTokens >= 2 * LEAST_TOKENS) {
    microBatchTokens = Math.floor(microBatchTokens / 2);
  }
  while (!set.includes("maxSequences") && now() > limit && maxSequences >= 2 * group) {
    maxSequences = Math.floor(maxSequences / 2);
  }
  if (now() > limit) {
    const ways = waysOut(settings, { microBatchTokens, maxSequences }, needed, limit);
    throw new InputError(refusal(now(), available, ways), { file, key: "settings" });
  }
  const memory = `It is reckoned to need ${gibibytes(now())} of the ${gibibytes(available)} that are free, with micro-batches of ${microBatchTokens} tokens and ${maxSequences} sequences decoded together.`;
  return { microBatchTokens, maxSequences, memory };
}

/** The longest prompt of the rows that are drawn. */
export function lengthsOf({ train, heldOut }: Pick<Dataset, "train" | "heldOut">): Lengths {
  return { prompt: [...train, ...heldOut].reduce((most, { prompt }) => Math.max(most, prompt.tokens.length), 2) };
}

/** Whether the plan takes less at once than the settings have. */
export const lowers = (
  { microBatchTokens, maxSequences }: Pick<MemoryPlan, "microBatchTokens" | "maxSequences">,
  { settings }: Pick<ResolvedExperiment, "settings">,
): boolean => microBatchTokens < settings.optimizer.microBatchTokens || maxSequences < settings.sampling.maxSequences;

/** Completions that are drawn together for one prompt: evaluations of supervised training draw one. */
const groupOf = ({ sampling, probe }: Settings, supervised: boolean): number =>
  supervised ? 1 : Math.max(sampling.groupSize, probe.before || probe.after ? probe.rollouts : 1);

const isPlain = ({ curriculum }: Settings): boolean => curriculum.mode === "none" && !curriculum.replacements;

function memorySettings(settings: Settings, supervised: boolean, lengths: Lengths): MemorySettings {
  const { sampling, optimizer, objective } = settings;
  return {
    // Few-shots and edits make prompts longer than any row of the file.
    prompt: isPlain(settings) ? Math.min(lengths.prompt, settings.lengths.prompt) : settings.lengths.prompt,
    response: settings.lengths.response,
    groupSize: groupOf(settings, supervised),
    prompts: sampling.promptsPerStep,
    microBatchTokens: optimizer.microBatchTokens,
    maxSequences: sampling.maxSequences,
    reference: !supervised && objective.beta > 0,
    entropy: !supervised && objective.entropy > 0,
  };
}

interface Changes {
  microBatchTokens?: number;
  maxSequences?: number;
  response?: number;
  prompt?: number;
  beta?: number;
}

function changed(settings: Settings, changes: Changes): Settings {
  const { sampling, optimizer, lengths, objective } = settings;
  return {
    ...settings,
    sampling: { ...sampling, maxSequences: changes.maxSequences ?? sampling.maxSequences },
    optimizer: { ...optimizer, microBatchTokens: changes.microBatchTokens ?? optimizer.microBatchTokens },
    lengths: { prompt: changes.prompt ?? lengths.prompt, response: changes.response ?? lengths.response },
    objective: { ...objective, beta: changes.beta ?? objective.beta },
  };
}

const NAMES: Record<keyof Changes, string> = {
  microBatchTokens: "settings.optimizer.microBatchTokens",
  maxSequences: "settings.sampling.maxSequences",
  response: "settings.lengths.response",
  prompt: "settings.lengths.prompt",
  beta: "settings.objective.beta",
};

interface WayOut {
  setting: string;
  value: number;
  needed: number;
}

/** What each setting alone would come to: the largest value that fits, else the smallest that still makes sense. */
function waysOut(settings: Settings, chosen: Changes, needed: (changes: Changes) => number, limit: number): WayOut[] {
  const halves = (from: number, least: number): number[] => {
    const values: number[] = [];
    for (let value = Math.floor(from / 2); value >= least; value = Math.floor(value / 2)) values.push(value);
    return values;
  };
  const candidates: [keyof Changes, number[]][] = [
    ["response", halves(settings.lengths.response, 16)],
    ["microBatchTokens", halves(chosen.microBatchTokens ?? 0, LEAST_TOKENS)],
    // A budget that no prompt comes up to saves nothing, and is not named.
    ["prompt", halves(settings.lengths.prompt, 64)],
    ["maxSequences", halves(chosen.maxSequences ?? 0, 1)],
    ["beta", settings.objective.beta > 0 ? [0] : []],
  ];
  const before = needed(chosen);
  const ways = candidates.flatMap(([name, values]): WayOut[] => {
    const costs = values.map((value) => ({ value, needed: needed({ ...chosen, [name]: value }) }));
    const best = costs.find((cost) => cost.needed <= limit) ?? costs.at(-1);
    return best === undefined || best.needed >= before ? [] : [{ setting: NAMES[name], ...best }];
  });
  // Those that suffice come first, then those that save most.
  return ways.sort((a, b) => Math.max(a.needed, limit) - Math.max(b.needed, limit)).slice(0, 3);
}

function refusal(needed: number, available: number, ways: readonly WayOut[]): string {
  const sufficient = ways.filter((way) => way.needed <= SHARE * available);
  const list = ways.map((way) => `${way.setting} ${way.value} (then ${gibibytes(way.needed)})`).join(", ");
  const what = `The run needs about ${gibibytes(needed)} of memory, and ${gibibytes(available)} are free`;
  if (ways.length === 0) return `${what}: take a smaller model or a machine with more memory.`;
  if (sufficient.length === ways.length) return `${what}: it fits with ${ways.length > 1 ? "any of " : ""}${list}.`;
  if (sufficient.length > 0) return `${what}: settings that save most are ${list}.`;
  return `${what}: no setting alone makes it fit; those that save most are ${list}, besides a smaller model.`;
}

export function gibibytes(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return gib >= 1 ? `${gib.toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
