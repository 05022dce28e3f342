/** A policy small enough for finite differences, and a mini-batch with padding everywhere. */
import type { GrpoObjective } from "../../../objectives/objective.ts";
import type { LearningGroup } from "../../policyEngine.ts";
import { microBatches } from "../batching/cutting.ts";
import { batchFeeds, collectTokens, type MicroBatch, tokenFeed } from "../batching/microBatch.ts";
import type { ModelConfig } from "../modelConfig.ts";
import { parameterShapes } from "../parameters.ts";
import { logprobGraph } from "../policyGraphs.ts";
import type { HostFeed } from "../session.ts";
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
export function tinyLogprobs(
  config: ModelConfig,
  groups: LearningGroup[],
  { batch, feeds }: TinyBatch,
): Float64Array[][] {
  const rows = new Interpreter(logprobGraph(config, "cpu"), batch.sizes).run(feeds).get("logprobs") as Float64Array;
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

/**
 * Feeds of a GRPO objective that reach every piece of it: each ratio under advantages of either sign, which therefore
 * change from token to token.
 */
export function setGrpoFeeds(
  { batch, feeds }: TinyBatch,
  logprobs: Float64Array[][],
  objective: GrpoObjective,
  differences: readonly number[] = DIFFERENCES,
): void {
  const perToken = (name: string, value: (logprob: number, turn: number) => number) => {
    let turn = 0;
    const values = (g: number, c: number) =>
      Float32Array.from(logprobs[g]?.[c] as Float64Array, (logprob) => value(logprob, turn++));
    feeds.set(name, tokenFeed(batch, values));
  };
  perToken("oldLogprobs", (logprob, turn) => logprob - Math.log(RATIOS[turn % RATIOS.length] as number));
  perToken("advantages", (_, turn) => (Math.floor(turn / RATIOS.length) % 2 ? -1 : 1) * (0.5 + 0.1 * turn));
  if (objective.importanceCap !== undefined) {
    const old = (logprob: number, turn: number) => logprob - Math.log(RATIOS[turn % RATIOS.length] as number);
    const importance = (turn: number) => IMPORTANCES[turn % IMPORTANCES.length] as number;
    perToken("samplerLogprobs", (logprob, turn) => old(logprob, turn) - Math.log(importance(turn)));
  }
  if (objective.beta === 0) return;
  perToken("refLogprobs", (logprob, turn) => logprob + (differences[(2 * turn) % differences.length] as number));
}
