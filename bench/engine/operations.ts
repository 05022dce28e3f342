/**
 * Operations of an update, by formula: two per multiply-add of the matrix products that the loss and its gradient need.
 * Causal attention counts its triangle only, elementwise work not at all.
 *
 * Every product of the forward pass has two in the backward pass, one for each of its factors. A frozen matrix has no
 * gradient, so with adapters (LoRA: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", §4.1) it counts
 * twice instead of three times, and the adapters' own products are counted beside it.
 */

/** A network of the Llama family, tied embeddings. */
export interface Network {
  hidden: number;
  layers: number;
  heads: number;
  kvHeads: number;
  intermediate: number;
  vocab: number;
}

/** LoRA: W + B·A for each of these projections, A [in, rank], B [rank, out]. */
export interface Adapter {
  rank: number;
  targets: readonly Projection[];
}

export interface Shape extends Network {
  /** Prompts of promptLength tokens, each with `completions` completions of completionLength tokens. */
  prompts: number;
  completions: number;
  promptLength: number;
  completionLength: number;
  /** Frozen weights with these adapters; without them everything is trained. */
  adapter?: Adapter;
}

export type Projection = "q" | "k" | "v" | "o" | "gate" | "up" | "down";

export const PROJECTIONS: readonly Projection[] = ["q", "k", "v", "o", "gate", "up", "down"];

/** [in, out] of a projection. */
export function projectionSize(n: Network, name: Projection): [number, number] {
  const [queries, keys] = [n.heads * headSize(n), n.kvHeads * headSize(n)];
  switch (name) {
    case "q":
      return [n.hidden, queries];
    case "k":
    case "v":
      return [n.hidden, keys];
    case "o":
      return [queries, n.hidden];
    case "gate":
    case "up":
      return [n.hidden, n.intermediate];
    case "down":
      return [n.intermediate, n.hidden];
  }
}

/** Tokens of the sequences as a trainer without a shared prompt would lay them out. */
export function sequenceTokens(s: Shape): number {
  return s.prompts * s.completions * (s.promptLength + s.completionLength);
}

/** Operations when every completion carries its own copy of the prompt. */
export function updateOperations(s: Shape): number {
  const length = s.promptLength + s.completionLength;
  const sequences = s.prompts * s.completions;
  const triangle = sequences * attentionOperations(s, 0, length);
  return trained(
    s,
    Array.from({ length: s.layers }, () => ({ rows: sequences * length, keyRows: 0, attention: triangle })),
  );
}

/** Operations when a group's completions share one pass over their prompt, whose last layer makes keys and values alone. */
export function sharedPromptOperations(s: Shape): number {
  const promptRows = s.prompts * s.promptLength;
  const completionRows = s.prompts * s.completions * s.completionLength;
  const ofPrompts = s.prompts * attentionOperations(s, 0, s.promptLength);
  const ofCompletions = s.prompts * s.completions * attentionOperations(s, s.promptLength, s.completionLength);
  return trained(
    s,
    Array.from({ length: s.layers }, (_, layer) =>
      layer === s.layers - 1
        ? { rows: completionRows, keyRows: promptRows, attention: ofCompletions }
        : { rows: promptRows + completionRows, keyRows: 0, attention: ofPrompts + ofCompletions },
    ),
  );
}

/** QKᵀ and PV of `length` tokens that see `past` tokens, one another's past, and themselves, in one layer. */
export function attentionOperations(n: Network, past: number, length: number): number {
  return 4 * n.heads * headSize(n) * (past * length + (length * (length + 1)) / 2);
}

export const headSize = (n: Network) => n.hidden / n.heads;

/** Trained numbers: all parameters, or those of the adapters. */
export function trainedParameters(s: Network & { adapter?: Adapter }): number {
  const perLayer = (count: (name: Projection) => number) =>
    (s.adapter?.targets ?? PROJECTIONS).reduce((sum, name) => sum + count(name), 0);
  const { adapter } = s;
  if (adapter) return s.layers * perLayer((name) => adapter.rank * sides(s, name));
  const matrices = perLayer((name) => projectionSize(s, name).reduce((product, side) => product * side, 1));
  const biases = (s.heads + 2 * s.kvHeads) * headSize(s);
  return s.layers * (matrices + biases + 2 * s.hidden) + s.hidden + s.vocab * s.hidden;
}

interface LayerWork {
  /** Token rows that go through all projections. */
  rows: number;
  /** Further rows of which only keys and values are made. */
  keyRows: number;
  /** Operations of the forward pass's attention. */
  attention: number;
}

function trained(s: Shape, layers: readonly LayerWork[]): number {
  const rowsOf = ({ rows, keyRows }: LayerWork, name: Projection) =>
    name === "k" || name === "v" ? rows + keyRows : rows;
  const projections = (names: readonly Projection[], work: LayerWork, size: (name: Projection) => number) =>
    names.reduce((sum, name) => sum + 2 * rowsOf(work, name) * size(name), 0);
  const matrix = (name: Projection) => projectionSize(s, name).reduce((product, side) => product * side, 1);
  const head = 2 * s.hidden * s.vocab * s.prompts * s.completions * s.completionLength;
  const attention = layers.reduce((sum, work) => sum + work.attention, 0);
  const base = layers.reduce((sum, work) => sum + projections(PROJECTIONS, work, matrix), 0);
  const { adapter } = s;
  if (adapter === undefined) return 3 * (base + attention + head);
  // Below the first layer's queries, keys and values nothing is trained: no gradient goes through them.
  const untouched = projections(["q", "k", "v"], layers[0] as LayerWork, matrix);
  const adapters = layers.reduce(
    (sum, work) => sum + projections(adapter.targets, work, (name) => adapter.rank * sides(s, name)),
    0,
  );
  return 2 * (base + head) - untouched + 3 * (attention + adapters);
}

function sides(n: Network, name: Projection): number {
  const [width, height] = projectionSize(n, name);
  return width + height;
}
