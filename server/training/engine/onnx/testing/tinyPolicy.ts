/** A policy small enough for finite differences, and a mini-batch with padding everywhere. */
import type { PolicyTerms } from "../../../objectives/objective.ts";
import type { LearningGroup } from "../../policyEngine.ts";
import { microBatches } from "../batching/cutting.ts";
import { batchFeeds, collectTokens, type MicroBatch, tokenFeed } from "../batching/microBatch.ts";
import type { Graph } from "../graph/graph.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { parameterShapes } from "../model/parameters.ts";
import { logprobGraph, valueGraph } from "../policyGraphs.ts";
import type { HostFeed } from "../runtime/session.ts";
import { valueHeadShapes } from "../valueHead/valueHead.ts";
import { Interpreter } from "./interpreter.ts";
import type { Random } from "./random.ts";

export function tinyConfig(tied: boolean, overrides: Partial<ModelConfig> = {}): ModelConfig {
  return {
    architecture: "qwen2",
    vocabulary: 11,
    hidden: 8,
    layers: 2,
    heads: 4,
    keyValueHeads: 2,
    headSize: 4,
    intermediate: 12,
    maxPositions: 16,
    positionsLimit: "max_position_embeddings",
    normEpsilon: 1e-5,
    ropeTheta: 100,
    ropeScaling: undefined,
    biases: ["q_proj", "k_proj", "v_proj"],
    headNorms: false,
    tied,
    ...overrides,
  };
}

/** Norms near 1, everything else around 0 and large enough that no part of the network is next to linear. */
export function randomWeights(config: ModelConfig, random: Random): Map<string, Float32Array> {
  return new Map(
    [...parameterShapes(config)].map(([name, shape]) => {
      const length = shape.reduce((product, size) => product * size, 1);
      if (name.endsWith("norm.weight")) return [name, random.normals(length, 0.2, 1)];
      return [name, random.normals(length, name.includes("embed_tokens") ? 0.8 : 0.35)];
    }),
  );
}

/** A value head that is not at its start. */
export function randomHead(config: ModelConfig, random: Random): Map<string, Float32Array> {
  return new Map(
    [...valueHeadShapes(config)].map(([name, shape]) => [name, random.normals(shape.at(-1) as number, 0.5)]),
  );
}

/** Two groups of two: prompts of 4 and 2 tokens, completions of 4, 2, 1 and 3. */
export function tinyGroups(config: ModelConfig, random: Random): LearningGroup[] {
  const tokens = (length: number) => Int32Array.from({ length }, () => random.integer(0, config.vocabulary - 1));
  const group = (prompt: number, lengths: number[]): LearningGroup => ({
    prompt: tokens(prompt),
    completions: lengths.map(tokens),
    signals: lengths.map((length) => ({ weights: random.normals(length, 0.05, 0.2), advantage: 0 })),
  });
  return [group(4, [4, 2]), group(2, [1, 3])];
}

export interface TinyBatch {
  batch: MicroBatch;
  feeds: Map<string, HostFeed>;
}

/** The groups as one micro-batch with the weights and the temperature. */
export function tinyBatch(
  weights: ReadonlyMap<string, Float32Array>,
  groups: LearningGroup[],
  temperature: number,
): TinyBatch {
  const batches = microBatches(groups, 1000);
  const batch = batches[0] as MicroBatch;
  if (batches.length !== 1) throw new Error(`${batches.length} micro-batches`);
  const feeds = new Map<string, HostFeed>([...weights, ...batchFeeds(groups, batch)]);
  feeds.set("inverseTemperature", Float32Array.of(1 / temperature));
  const signal = (g: number, c: number) => groups[g]?.signals[c] as LearningGroup["signals"][number];
  feeds.set(
    "weights",
    tokenFeed(batch, (g, c) => signal(g, c).weights),
  );
  return { batch, feeds };
}

/** Interpreted log-probabilities of every completion token, [group][completion][token]. */
export function tinyLogprobs(config: ModelConfig, groups: LearningGroup[], batch: TinyBatch): Float64Array[][] {
  return perToken(logprobGraph(config, "cpu"), "logprobs", groups, batch);
}

/** The same of what its value head says. */
export function tinyValues(config: ModelConfig, groups: LearningGroup[], batch: TinyBatch): Float64Array[][] {
  return perToken(valueGraph(config, "cpu"), "values", groups, batch);
}

function perToken(
  graph: Graph,
  output: string,
  groups: LearningGroup[],
  { batch, feeds }: TinyBatch,
): Float64Array[][] {
  const rows = new Interpreter(graph, batch.sizes).run(feeds).get(output) as Float64Array;
  const results: Float64Array[][] = groups.map(() => []);
  collectTokens(rows as unknown as Float32Array, batch, results as unknown as Float32Array[][]);
  return results;
}

/** What a token's ratio is made to be: within the clip's limits of 0.8 and 1.28 and beyond both, well away from the kinks. */
const RATIOS = [0.5, 0.9, 1, 1.1, 1.7];
/** Its weight's ratio of trainer to sampler: below a cap of 1.5 and beyond. */
const IMPORTANCES = [0.6, 1, 1.3, 2.2];
/** And its difference to the reference: within the KL estimate's limits of ±20 and beyond both. */
export const DIFFERENCES = [-25, -0.7, 0.2, 1.1, 23] as const;

/** How far its value is made to have moved: within a clip of 0.2 and beyond on both sides. */
const MOVES = [-0.5, -0.1, 0.05, 0.6];
/** And how far it is from its target, so that beyond the clip either of the two errors is the larger, and neither by little. */
const ERRORS = [1.3, -0.9, 1.1];

/**
 * Feeds of a clipped surrogate that reach every piece of it: each ratio under advantages of either sign, which therefore
 * change from token to token.
 */
export function setPolicyFeeds(
  { batch, feeds }: TinyBatch,
  logprobs: Float64Array[][],
  objective: PolicyTerms,
  differences: readonly number[] = DIFFERENCES,
): void {
  const lay = (name: string, number: (logprob: number, turn: number) => number) =>
    feeds.set(name, turning(batch, logprobs, number));
  lay("oldLogprobs", (logprob, turn) => logprob - Math.log(RATIOS[turn % RATIOS.length] as number));
  lay("advantages", (_, turn) => (Math.floor(turn / RATIOS.length) % 2 ? -1 : 1) * (0.5 + 0.1 * turn));
  if (objective.importanceCap !== undefined) {
    const old = (logprob: number, turn: number) => logprob - Math.log(RATIOS[turn % RATIOS.length] as number);
    const importance = (turn: number) => IMPORTANCES[turn % IMPORTANCES.length] as number;
    lay("samplerLogprobs", (logprob, turn) => old(logprob, turn) - Math.log(importance(turn)));
  }
  if (objective.beta === 0) return;
  lay("refLogprobs", (logprob, turn) => logprob + (differences[(2 * turn) % differences.length] as number));
}

/** Feeds of a value's loss that reach every piece of it. */
export function setValueFeeds({ batch, feeds }: TinyBatch, values: Float64Array[][]): void {
  const lay = (name: string, number: (value: number, turn: number) => number) =>
    feeds.set(name, turning(batch, values, number));
  lay("oldValues", (value, turn) => value - (MOVES[turn % MOVES.length] as number));
  lay("valueTargets", (value, turn) => value - (ERRORS[turn % ERRORS.length] as number));
  lay("valueWeights", (_, turn) => 0.05 + 0.01 * turn);
}

/** A number for each token from what it has already and how many came before it, as the batch's rows. */
function turning(
  batch: MicroBatch,
  numbers: Float64Array[][],
  of: (number: number, turn: number) => number,
): Float32Array {
  let turn = 0;
  return tokenFeed(batch, (g, c) => Float32Array.from(numbers[g]?.[c] as Float64Array, (number) => of(number, turn++)));
}
