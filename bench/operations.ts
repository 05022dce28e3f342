/**
 * Operations of an update, by formula: two per multiply-add of the matrix products that the loss and its gradient need.
 * Causal attention counts its triangle only, elementwise work not at all, and the backward pass twice the forward one.
 */
export interface Shape {
  hidden: number;
  layers: number;
  heads: number;
  kvHeads: number;
  intermediate: number;
  vocab: number;
  /** Prompts of promptLength tokens, each with `completions` completions of completionLength tokens. */
  prompts: number;
  completions: number;
  promptLength: number;
  completionLength: number;
}

/** Tokens of the sequences as a trainer without a shared prompt would lay them out. */
export function sequenceTokens(s: Shape): number {
  return s.prompts * s.completions * (s.promptLength + s.completionLength);
}

/** Operations when every completion carries its own copy of the prompt. */
export function updateOperations(s: Shape): number {
  const length = s.promptLength + s.completionLength;
  const perSequence = s.layers * (projections(s) * length + scores(s, length)) + head(s) * s.completionLength;
  return 3 * s.prompts * s.completions * perSequence;
}

/** Operations when a group's completions share one pass over their prompt, whose last layer makes keys and values alone. */
export function sharedPromptOperations(s: Shape): number {
  const keysAndValues = 4 * s.hidden * s.kvHeads * headSize(s);
  const prompt =
    (s.layers - 1) * (projections(s) * s.promptLength + scores(s, s.promptLength)) + keysAndValues * s.promptLength;
  const length = s.promptLength + s.completionLength;
  const ownScores = scores(s, length) - scores(s, s.promptLength);
  const completion = s.layers * (projections(s) * s.completionLength + ownScores) + head(s) * s.completionLength;
  return 3 * s.prompts * (prompt + s.completions * completion);
}

const headSize = (s: Shape) => s.hidden / s.heads;
const projections = (s: Shape) =>
  2 * s.hidden * headSize(s) * (2 * s.heads + 2 * s.kvHeads) + 6 * s.hidden * s.intermediate;
/** QKᵀ and PV over the causal triangle. */
const scores = (s: Shape, length: number) => 4 * s.heads * headSize(s) * ((length * (length + 1)) / 2);
const head = (s: Shape) => 2 * s.hidden * s.vocab;
