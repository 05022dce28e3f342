/** Settings that only memory depends on, chosen so that a run fits; and the sentence for a run that cannot. */
import { MEMORY_SETTINGS, type MemorySetting, type ResolvedExperiment } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import type { ModelConfig } from "../engine/onnx/model/modelConfig.ts";
import type { Dataset } from "../rows.ts";
import {
  type Available,
  type Changes,
  changed,
  type Demand,
  fits,
  gibibytes,
  groupOf,
  LEAST_TOKENS,
  type Lengths,
  memorySettings,
  share,
  tightest,
} from "./demand.ts";
import { refusal, waysOut } from "./waysOut.ts";

export interface MemoryPlan {
  microBatchTokens: number;
  maxSequences: number;
  /** One sentence. */
  memory: string;
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
  const demand = (changes: Changes): Demand =>
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

type Chosen = Record<MemorySetting, number>;

const unknownCard = ({ card, device = "cpu" }: Available): string =>
  card === undefined && device !== "cpu" ? "; what its graphics card has is unknown, and was not reckoned with" : "";

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
