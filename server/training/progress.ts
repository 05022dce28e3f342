/** The loop's own state between steps, as a checkpoint keeps it. */
import { type Static, Type } from "@sinclair/typebox";
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import { InputError } from "../../schemas/problem.ts";
import type { Checkpoint, CheckpointState } from "./checkpoint.ts";
import { conforms } from "./conforms.ts";
import type { Progress } from "./context.ts";
import { Curriculum } from "./curriculum/curriculum.ts";
import type { HandEdit } from "./curriculum/hands.ts";
import { FrozenMark, markOf, readFrozen, writeFrozen } from "./offline/frozen.ts";
import type { Dataset } from "./rows.ts";
import { Stability, StabilityState } from "./stability.ts";

const count = Type.Integer({ minimum: 0 });
const rows = Type.Array(count);

const Beginning = { begun: Type.Boolean(), evaluated: count };

const KeptState = Type.Object({
  ...Beginning,
  /** A letter for each training row (RowBook.letters), and whether any probe is over. */
  rows: Type.String(),
  probed: Type.Boolean(),
  /** Null before the first round. Few-shots are kept as the attempt of each row: the choice itself is a function of it. */
  round: Type.Union([
    Type.Object({
      number: Type.Integer({ minimum: 1 }),
      firstStep: Type.Integer({ minimum: 1 }),
      firstEpoch: count,
      fewShots: Type.Array(Type.Tuple([count, count])),
      added: rows,
    }),
    Type.Null(),
  ]),
  stability: StabilityState,
  /** What the epoch of stored turns was frozen as; its numbers lie beside the state. */
  frozen: Type.Optional(FrozenMark),
});

/** Before there were rounds. */
const EarlierState = Type.Object({
  ...Beginning,
  /** Ids of the rows that were still hard; null where the run does not probe before its first step. */
  hard: Type.Union([Type.Array(Type.String()), Type.Null()]),
});

export function newProgress(experiment: ResolvedExperiment, data: Dataset): Progress {
  return {
    step: 0,
    begun: false,
    evaluated: 0,
    curriculum: new Curriculum(experiment, data),
    stability: new Stability(experiment.settings.stability),
    frozen: undefined,
  };
}

/** @param optimizerStepsPerStep the learning-rate schedule's steps in one step of the run */
export function toCheckpoint(progress: Progress, optimizerStepsPerStep: number): CheckpointState {
  const { step, begun, evaluated, curriculum, stability, frozen } = progress;
  const { book, round } = curriculum;
  const state: Static<typeof KeptState> = {
    begun,
    evaluated,
    rows: book.letters,
    probed: book.probed,
    round: round ? { ...round, fewShots: [...round.fewShots], added: [...round.added] } : null,
    stability: stability.state,
    ...(frozen && { frozen: markOf(frozen) }),
  };
  return { step, optimizerStep: step * optimizerStepsPerStep, state };
}

/** Writes what of the progress is no JSON into the folder of a checkpoint. */
export function saveProgress(dir: string, { frozen }: Pick<Progress, "frozen">): void {
  if (frozen) writeFrozen(dir, frozen);
}

/**
 * @param edits the researcher's edits that steps up to the checkpoint's have used
 * @throws InputError where the state is not one of ours
 */
export function fromCheckpoint(
  { dir, step, state }: Checkpoint,
  experiment: ResolvedExperiment,
  data: Dataset,
  edits: readonly HandEdit[],
): Progress {
  const progress = newProgress(experiment, data);
  const { curriculum } = progress;
  if (conforms(KeptState, state) && state.rows.length === data.train.length) {
    for (const edit of edits) curriculum.recall(edit);
    curriculum.book.read(state.rows, state.probed);
    if (state.round) curriculum.open({ ...state.round, fewShots: new Map(state.round.fewShots) });
    const { begun, evaluated } = state;
    return {
      ...progress,
      step,
      begun,
      evaluated,
      stability: new Stability(experiment.settings.stability, state.stability),
      frozen: state.frozen && readFrozen(dir, state.frozen, data.episodes?.turns ?? []),
    };
  }
  if (conforms(EarlierState, state)) {
    const { begun, evaluated } = state;
    recallHard(curriculum, state.hard, data);
    if (step > 0) openEarlier(curriculum, step);
    return { ...progress, step, begun, evaluated };
  }
  throw new InputError("the checkpoint's state cannot be read; remove its folder to go on from the one before", {
    file: dir,
  });
}

function recallHard({ book }: Curriculum, hard: readonly string[] | null, { train }: Dataset): void {
  if (hard === null) return;
  const ids = new Set(hard);
  for (const { index, sample } of train) book.happen(index, ids.has(sample.id) ? "unsolved" : "solved");
  book.probeOver();
}

/** The round that a run without hard sampling is in after some steps. */
function openEarlier(curriculum: Curriculum, step: number): void {
  const { rows, batch, epochsPerRound } = curriculum.shape;
  const steps = epochsPerRound * Math.floor(rows / batch);
  const gone = Math.floor((step - 1) / steps);
  const firstStep = gone * steps + 1;
  curriculum.open({ number: gone + 1, firstStep, firstEpoch: gone * epochsPerRound, fewShots: new Map(), added: [] });
}
