/** What a person may change where a run does not fit into memory. */
import type { Settings } from "../../../schemas/experiment.ts";
import { formFault } from "../engine/onnx/frozen/frozenParameters.ts";
import type { ModelConfig } from "../engine/onnx/model/modelConfig.ts";
import { type Base, type Changes, type Demand, fits, gibibytes, LEAST_TOKENS, SHARE, share } from "./demand.ts";

/** Each takes less memory than the one before it. */
const BASES: readonly Base[] = ["f32", "f16", "int4"];

const NAMES: Record<keyof Changes, string> = {
  microBatchTokens: "settings.optimizer.microBatchTokens",
  maxSequences: "settings.sampling.maxSequences",
  response: "settings.lengths.response",
  prompt: "settings.lengths.prompt",
  beta: "settings.objective.beta",
  base: "settings.adapter.base",
};

export interface WayOut extends Demand {
  setting: string;
  value: number | string;
}

/** What each setting alone would come to: the largest value that fits, else the smallest that still makes sense. */
export function waysOut(
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

/** The sentence for a run that cannot begin. */
export function refusal({ needed, free, what }: Demand, ways: readonly WayOut[]): string {
  const list = ways
    .map((way) => `${way.setting} ${JSON.stringify(way.value)} (then ${gibibytes(way.needed)})`)
    .join(", ");
  // Both figures: without the share, a need below what is free would read like a mistake.
  const most = gibibytes(SHARE * free);
  const sentence = `The run needs about ${gibibytes(needed)} of ${what}, and may take ${most} of the ${gibibytes(free)} that are free`;
  if (ways.length === 0) return `${sentence}: take a smaller model or a machine with more memory.`;
  const sufficient = ways.filter(fits).length;
  if (sufficient === ways.length) return `${sentence}: it fits with ${sufficient > 1 ? "any of " : ""}${list}.`;
  if (sufficient > 0) return `${sentence}: the settings that save most are ${list}.`;
  return `${sentence}: no setting alone makes it fit; those that save most are ${list}, besides a smaller model.`;
}
