/**
 * What an update and a sampling call have to do, as counts: operations, and bytes that pass between memory and the cores where each
 * operator reads its inputs and writes its results once. With two measured rates they explain a time (the roofline: Williams,
 * Waterman & Patterson, "Roofline: an insightful visual performance model", 2009): an operator takes as long as the slower of both,
 * and operators follow one another. Nothing is fitted, so what a time has beyond the prediction is what the engine could still save.
 */
import {
  attentionOperations,
  headSize,
  type Network,
  PROJECTIONS,
  type Projection,
  projectionSize,
  type Shape,
  trainedParameters,
} from "./operations.ts";
import type { SamplingWork } from "./plan.ts";

/** Operators of one kind. */
export interface Cost {
  kind: "projections" | "attention" | "elementwise" | "vocabulary" | "optimizer";
  operations: number;
  bytes: number;
}

export interface Rates {
  /** Of a large matrix product. */
  gigaflops: number;
  /** Of an elementwise operator on large arrays, read and written. */
  gigabytes: number;
}

const FLOAT = 4;

/** Milliseconds by the roofline. */
export function predicted(costs: readonly Cost[], { gigaflops, gigabytes }: Rates): number {
  return costs.reduce(
    (sum, { operations, bytes }) => sum + Math.max(operations / gigaflops, bytes / gigabytes) / 1e6,
    0,
  );
}

export function total(costs: readonly Cost[]): { operations: number; bytes: number } {
  return costs.reduce(
    (sum, { operations, bytes }) => ({ operations: sum.operations + operations, bytes: sum.bytes + bytes }),
    { operations: 0, bytes: 0 },
  );
}

/** One update of all weights; prompts are shared by their completions, and their last layer makes keys and values alone. */
export function updateCosts(s: Shape): Cost[] {
  const promptRows = s.prompts * s.promptLength;
  const sequences = s.prompts * s.completions;
  const completionRows = sequences * s.completionLength;
  const last = [
    ...layerCosts(s, completionRows, promptRows),
    attention(s, sequences, s.completionLength, s.promptLength, s.promptLength / s.completions),
  ];
  const below = [
    ...layerCosts(s, promptRows + completionRows, 0),
    attention(s, s.prompts, s.promptLength),
    ...last.slice(-1),
  ];
  const forward = [...Array.from({ length: s.layers - 1 }, () => below).flat(), ...last, vocabulary(s, completionRows)];
  // Each product has two in the backward pass, over arrays of the same sizes; elementwise operators likewise read what they are given and what comes back.
  const passes = forward.map(({ kind, operations, bytes }) => ({ kind, operations: 3 * operations, bytes: 3 * bytes }));
  return [...passes, optimizer(s)];
}

/** A sampling call: prompts prefilled, then a step for each new token. */
export function samplingCosts(n: Network, work: SamplingWork): Cost[] {
  const sequences = work.prompts * work.completions;
  // The last token of a prompt opens its completions.
  const prefilled = work.promptLength - 1;
  const costs: Cost[] = [];
  for (let layer = 0; layer < n.layers - 1; layer++) {
    costs.push(...layerCosts(n, work.prompts * prefilled, 0), attention(n, work.prompts, prefilled));
  }
  costs.push(...layerCosts(n, 0, work.prompts * prefilled));
  for (let t = 0; t < work.newTokens; t++) {
    for (let layer = 0; layer < n.layers; layer++) {
      costs.push(...layerCosts(n, sequences, 0), stepAttention(n, work, prefilled, t));
    }
    costs.push(vocabulary(n, sequences));
  }
  return costs;
}

/** All of a layer but its attention. @param keyRows of which only keys and values are made */
function layerCosts(n: Network, rows: number, keyRows: number): Cost[] {
  const projections = PROJECTIONS.map((name) => projection(n, name, rows, keyRows));
  const queries = n.heads * headSize(n);
  const keys = n.kvHeads * headSize(n);
  // Numbers read and written: two norms, two residual sums, rotated queries and keys, the gate's product.
  const perRow = 2 * 2 * n.hidden + 2 * 3 * n.hidden + 2 * (queries + keys) + 3 * n.intermediate;
  const perKeyRow = 2 * n.hidden + 2 * keys;
  return [...projections, { kind: "elementwise", operations: 0, bytes: FLOAT * (rows * perRow + keyRows * perKeyRow) }];
}

function projection(n: Network, name: Projection, all: number, keyRows: number): Cost {
  const rows = name === "k" || name === "v" ? all + keyRows : all;
  if (rows === 0) return { kind: "projections", operations: 0, bytes: 0 };
  const [width, height] = projectionSize(n, name);
  const numbers = rows * width + width * height + rows * height;
  return { kind: "projections", operations: 2 * rows * width * height, bytes: FLOAT * numbers };
}

/**
 * Whole sequences of `length` tokens behind `past` ones. Scores are written, read and written by the softmax, and read again, all of
 * the square. @param read keys of the past that a sequence reads by itself: its share of the prompt that its group reads together
 */
function attention(n: Network, sequences: number, length: number, past = 0, read = 0): Cost {
  const width = headSize(n);
  const scores = 4 * n.heads * length * (past + length);
  const queries = 2 * n.heads * width * length;
  const keys = 2 * n.kvHeads * width * (length + read);
  return {
    kind: "attention",
    operations: sequences * attentionOperations(n, past, length),
    bytes: FLOAT * sequences * (scores + queries + keys),
  };
}

/** One new token of each sequence behind the prompt and t tokens of its own. */
function stepAttention(n: Network, work: SamplingWork, prompt: number, t: number): Cost {
  return attention(n, work.prompts * work.completions, 1, prompt + t, prompt / work.completions + t);
}

/** Logits, and their normalisation: written, read and written. */
function vocabulary(n: Network, rows: number): Cost {
  const numbers = rows * n.hidden + n.hidden * n.vocab + 3 * rows * n.vocab;
  return { kind: "vocabulary", operations: 2 * rows * n.hidden * n.vocab, bytes: FLOAT * numbers };
}

/** AdamW reads weight, gradient and two moments and writes all but the gradient, which the norm has read before. */
function optimizer(s: Shape): Cost {
  return { kind: "optimizer", operations: 0, bytes: 8 * FLOAT * trainedParameters(s) };
}
