/** The loop's own state between steps, as a checkpoint keeps it. */
import { Type } from "@sinclair/typebox";
import { InputError } from "../../schemas/problem.ts";
import type { Checkpoint, CheckpointState } from "./checkpoint.ts";
import { conforms } from "./conforms.ts";
import type { Progress } from "./context.ts";
import { HardRows } from "./curriculum/hardRows.ts";

const KeptState = Type.Object({
  begun: Type.Boolean(),
  evaluated: Type.Integer({ minimum: 0 }),
  /** Ids; null where the run does not probe before its first step. */
  hard: Type.Union([Type.Array(Type.String()), Type.Null()]),
});

export function newProgress(): Progress {
  return { step: 0, begun: false, evaluated: 0, hard: undefined };
}

/** @param optimizerStepsPerStep the learning-rate schedule's steps in one step of the run */
export function toCheckpoint(
  { step, begun, evaluated, hard }: Progress,
  optimizerStepsPerStep: number,
): CheckpointState {
  return { step, optimizerStep: step * optimizerStepsPerStep, state: { begun, evaluated, hard: hard?.ids ?? null } };
}

/** @throws InputError where the state is not one of ours */
export function fromCheckpoint({ dir, step, state }: Checkpoint): Progress {
  if (!conforms(KeptState, state)) {
    throw new InputError("the checkpoint's state cannot be read; remove its folder to go on from the one before", {
      file: dir,
    });
  }
  const { begun, evaluated, hard } = state;
  return { step, begun, evaluated, hard: hard === null ? undefined : new HardRows(hard) };
}
