/** The seam between host and device: where a policy's parameters, their gradient and the optimizer's moments live. */

import type { Sizes } from "../graph/dims.ts";
import type { Inputs } from "../model/weights.ts";
import { gradientOf } from "../policyGraphs.ts";
import type { Feed, GraphSession } from "../runtime/session.ts";
import type { Stays } from "../runtime/sessionPool.ts";
import type { LearningRate, OptimizerState } from "./adamw.ts";

/** What of a gradient graph's outputs a residence takes for itself. */
const GRADIENTS = gradientOf("");
export const isGradient: Stays = (output) => output.startsWith(GRADIENTS);

export interface Residence {
  /** Optimizer steps so far. */
  readonly steps: number;

  /**
   * Parameters as graphs are fed them, by name. Those that are trained are told by their host's arrays, and come as they are now;
   * what is no parameter comes as it is.
   */
  feeds(weights: Inputs): Promise<ReadonlyMap<string, Feed>>;

  /**
   * Runs one micro-batch of a graph with `gradient:<name>` outputs. Its gradient is the mini-batch's where it is the first, and is
   * added to it otherwise. Returns the other outputs.
   */
  differentiate(
    session: GraphSession,
    feeds: ReadonlyMap<string, Feed>,
    sizes: Sizes,
    first: boolean,
  ): Promise<Map<string, Float32Array>>;

  /**
   * One step of AdamW along the mini-batch's gradient, which comes multiplied with the loss scale; the norm of the gradient itself before
   * clipping. Nothing changes where that is not finite, and what the graph had no gradient of stays as it is, moments included.
   */
  step(learningRate: LearningRate, lossScale: number): Promise<number>;

  /** Brings what is trained into its host's arrays, to be read or overwritten there, and the optimizer's state. */
  toHost(): Promise<OptimizerState>;

  /** Goes on with what the host's arrays and the state hold. */
  fromHost(state: OptimizerState): Promise<void>;
}
