/** Settings that only memory depends on, chosen so that a run fits; and the sentence for a run that cannot. */

import type { TrainingDevice } from "../../../schemas/devices.ts";
import {
  MEMORY_SETTINGS,
  type MemorySetting,
  type PresetName,
  type ResolvedExperiment,
  type Settings,
} from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import { loraOf } from "../engine/lora.ts";
import { formFault } from "../engine/onnx/frozen/frozenParameters.ts";
import { cardBytes, cudaBytes, type MemorySettings, memoryParts, totalOf } from "../engine/onnx/memory/estimate.ts";
import type { ModelConfig } from "../engine/onnx/model/modelConfig.ts";
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
  experiment: Pick<ResolvedExperiment, "preset" | "settings" | "set" | "file" | "threads">,
  config: ModelConfig,
  lengths: Lengths,
  available: Available,
): MemoryPlan {
  const { settings, set = [], file, threads } = experiment;
  const { preset } = experiment;
  const demand = (changes: Changes = {}): Demand =>
    tightest(config, { ...memorySettings(changed(settings, changes), preset, lengths), threads }, available);
  const least = { microBatchTokens: LEAST_TOKENS, maxSequences: groupOf(settings, preset) };
  let chosen: Chosen = {
    microBatchTokens: settings.optimizer.microBatchTokens,
    maxSequences: settings.sampling.maxSequences,
  };
  while (!fits(demand(chosen))) {
    const halves = MEMORY_SETTINGS.filter((name) => !set.includes(name) && chosen[name] >= 2 * least[name]).map(
      (name): Chosen => ({ ...chosen, [name]: Math.floor(chosen[name] / 2) }),
    );
    // The half that saves more; where neither does yet, one of them will further down.
    const [best] = halves.sort((a, b) => share(demand(a)) - share(demand(b)));
    if (best === undefined) {
      const ways = waysOut(settings, config, chosen, demand);
      throw new InputError(refusal(demand(chosen), ways), { file, key: "settings" });
    }
    chosen = best;
  }
  const { microBatchTokens, maxSequences } = chosen;
  const { needed, free, what } = demand(chosen);
  const memory = `It is reckoned to need ${gibibytes(needed)} of the ${gibibytes(free)} of ${what} that are free, with micro-batches of ${microBatchTokens} tokens and ${maxSequences} sequences decoded together${unknownCard(available)}.`;
  return { microBatchTokens, maxSequences, memory };
}

/** Bytes that are free: the machine's, and the graphics card's where one computes and tells it. */
export interface Available {
  host: number;
  card?: number | undefined;
  /** What computes; the CPU where nothing is said. */
  device?: TrainingDevice;
}

const unknownCard = ({ card, device = "cpu" }: Available): string =>
  card === undefined && device !== "cpu" ? "; what its graphics card has is unknown, and was not reckoned with" : "";

interface Demand {
  needed: number;
  free: number;
  what: string;
}

type Chosen = Record<MemorySetting, number>;

const share = ({ needed, free }: Demand): number => needed / free;
const fits = ({ needed, free }: Demand): boolean => needed <= SHARE * free;

/** Of the machine's memory and the card's, the one that is nearer to its end. */
function tightest(config: ModelConfig, settings: MemorySettings, { host, card, device }: Available): Demand {
  const onHost = { needed: totalOf(memoryParts(config, settings)), free: host, what: "memory" };
  if (card === undefined) return onHost;
  const onCard = {
    needed: (device === "cuda" ? cudaBytes : cardBytes)(config, settings),
    free: card,
    what: "the graphics card's memory",
  };
  return onCard.needed / card > onHost.needed / host ? onCard : onHost;
}

/** The longest prompt of the rows that are drawn. */
export function lengthsOf({ train, heldOut, episodes }: Pick<Dataset, "train" | "heldOut" | "episodes">): Lengths {
  // Episodes that are played go on until their prompts are as long as they may be.
  if (episodes) return { prompt: episodes.world.prompt };
  return { prompt: [...train, ...heldOut].reduce((most, { prompt }) => Math.max(most, prompt.tokens.length), 2) };
}

/** Whether the plan takes less at once than the settings have. */
export const lowers = (
  { microBatchTokens, maxSequences }: Pick<MemoryPlan, "microBatchTokens" | "maxSequences">,
  { settings }: Pick<ResolvedExperiment, "settings">,
): boolean => microBatchTokens < settings.optimizer.microBatchTokens || maxSequences < settings.sampling.maxSequences;

/** Completions that are drawn together for one prompt: what learns from what is stored draws one at a time, to be evaluated. */
const groupOf = ({ sampling, probe }: Settings, preset: PresetName): number =>
  preset === "sft" || preset === "spark"
    ? 1
    : Math.max(sampling.groupSize, probe.before || probe.after ? probe.rollouts : 1);

const isPlain = ({ curriculum }: Settings): boolean => curriculum.mode === "none" && !curriculum.replacements;

function memorySettings(settings: Settings, preset: PresetName, lengths: Lengths): Omit<MemorySettings, "threads"> {
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

type Base = Settings["adapter"]["base"];
/** Each takes less memory than the one before it. */
const BASES: readonly Base[] = ["f32", "f16", "int4"];

interface Changes {
  microBatchTokens?: number;
  maxSequences?: number;
  response?: number;
  prompt?: number;
  beta?: number;
  base?: Base;
}

function changed(settings: Settings, changes: Changes): Settings {
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

const NAMES: Record<keyof Changes, string> = {
  microBatchTokens: "settings.optimizer.microBatchTokens",
  maxSequences: "settings.sampling.maxSequences",
  response: "settings.lengths.response",
  prompt: "settings.lengths.prompt",
  beta: "settings.objective.beta",
  base: "settings.adapter.base",
};

interface WayOut extends Demand {
  setting: string;
  value: number | string;
}

/** What each setting alone would come to: the largest value that fits, else the smallest that still makes sense. */
function waysOut(
  settings: Settings,
  config: ModelConfig,
  chosen: Changes,
  demand: (changes: Changes) => Demand,
): WayOut[] {
  const halves = (from: number, least: number): number[] => {
    const values: number[] = [];
    for (let value = Math.floor(from / 2); value >= least; value = Math.floor(value / 2)) values.push(value);
    return values;
  };
  const candidates: [keyof Changes, (number | Base)[]][] = [
    ["response", halves(settings.lengths.response, 16)],
    ["microBatchTokens", halves(chosen.microBatchTokens ?? 0, LEAST_TOKENS)],
    ["prompt", halves(settings.lengths.prompt, 64)],
    ["maxSequences", halves(chosen.maxSequences ?? 0, 1)],
    ["base", smallerBases(settings, config)],
    ["beta", settings.objective.beta > 0 ? [0] : []],
  ];
  const before = share(demand(chosen));
  const ways = candidates.flatMap(([name, values]): WayOut[] => {
    const tried = values.map((value) => ({ setting: NAMES[name], value, ...demand({ ...chosen, [name]: value }) }));
    const best = tried.find(fits) ?? tried.at(-1);
    // A budget that no text comes up to saves nothing.
    return best === undefined || share(best) >= before ? [] : [best];
  });
  // Those that suffice come first, in the order above; then those that save most.
  return ways.sort((a, b) => Math.max(share(a), SHARE) - Math.max(share(b), SHARE)).slice(0, 3);
}

/** Forms in which the weights, where they are frozen, would take less than they do, the most exact first. */
function smallerBases({ adapter, optimizer }: Settings, config: ModelConfig): Base[] {
  if (adapter.kind === "none") return [];
  const bases = BASES.slice(BASES.indexOf(adapter.base) + 1);
  const fits = formFault(config, { kind: "blocks", block: adapter.block }) === undefined;
  return bases.filter((base) => base !== "int4" || (fits && optimizer.precision === "f32"));
}

function refusal({ needed, free, what }: Demand, ways: readonly WayOut[]): string {
  const list = ways
    .map((way) => `${way.setting} ${JSON.stringify(way.value)} (then ${gibibytes(way.needed)})`)
    .join(", ");
  const sentence = `The run needs about ${gibibytes(needed)} of ${what}, and ${gibibytes(free)} are free`;
  if (ways.length === 0) return `${sentence}: take a smaller model or a machine with more memory.`;
  const sufficient = ways.filter(fits).length;
  if (sufficient === ways.length) return `${sentence}: it fits with ${sufficient > 1 ? "any of " : ""}${list}.`;
  if (sufficient > 0) return `${sentence}: the settings that save most are ${list}.`;
  return `${sentence}: no setting alone makes it fit; those that save most are ${list}, besides a smaller model.`;
}

export function gibibytes(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return gib >= 1 ? `${gib.toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
