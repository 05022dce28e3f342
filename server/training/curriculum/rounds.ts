/**
 * A round: the data that is trained on between two probes (ToolExpander §3.2). Its items are the raw rows, in the order of
 * their file, and behind them the rows whose few-shot version is added. What an item is drawn as, and whether it is drawn at
 * all, is decided at that moment, since rows retire and researchers edit while the round goes on.
 */
import { epochOrder } from "../draw.ts";

export interface Round {
  /** From 1. */
  number: number;
  /** From 1. */
  firstStep: number;
  /** Passes gone through before it. */
  firstEpoch: number;
  /** Which choice of demonstrations each row got that got any. */
  fewShots: ReadonlyMap<number, number>;
  /** Rows that have a few-shot item besides their raw one, ascending. */
  added: readonly number[];
}

export interface RoundShape {
  /** Training rows. */
  rows: number;
  /** B, prompts of a step. */
  batch: number;
  epochsPerRound: number;
}

/** Steps of one pass over the items; a remainder that fills no step is left out, as veRL's data loader does. */
export function stepsPerEpoch({ added }: Pick<Round, "added">, { rows, batch }: RoundShape): number {
  return Math.floor((rows + added.length) / batch);
}

export function stepsOfRound(round: Pick<Round, "added">, shape: RoundShape): number {
  return shape.epochsPerRound * stepsPerEpoch(round, shape);
}

/** Number of the pass a step lies in, from 0 over the whole run. */
export function epochOf(round: Round, shape: RoundShape, step: number): number {
  return round.firstEpoch + Math.floor((step - round.firstStep) / stepsPerEpoch(round, shape));
}

/**
 * The items of a step, all different. One that is not live gives its place to the next live one of the pass, so that steps
 * keep their size. Fewer than a batch come back where fewer are live.
 *
 * @param isLive of an item: below `rows` the raw row of this index, from there on an added one
 */
export function itemsOfStep(
  round: Round,
  shape: RoundShape,
  seed: number,
  step: number,
  isLive: (item: number) => boolean,
): number[] {
  const items = shape.rows + round.added.length;
  const order = orderOf(items, seed, epochOf(round, shape, step));
  const start = ((step - round.firstStep) % stepsPerEpoch(round, shape)) * shape.batch;
  const drawn: number[] = [];
  for (let offset = 0; offset < items && drawn.length < shape.batch; offset++) {
    const item = order[(start + offset) % items] as number;
    if (isLive(item)) drawn.push(item);
  }
  return drawn;
}

let kept: { items: number; seed: number; epoch: number; order: Uint32Array } | undefined;

/** Shuffling 62,687 rows for every step would take longer than all other bookkeeping of the step. */
function orderOf(items: number, seed: number, epoch: number): Uint32Array {
  if (kept?.items !== items || kept.seed !== seed || kept.epoch !== epoch) {
    kept = { items, seed, epoch, order: epochOrder(items, seed, epoch) };
  }
  return kept.order;
}
