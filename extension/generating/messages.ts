/** The conversation with the process that generates trajectories: one request, then how it goes. Checked on both ends. */
import { type Static, Type } from "@sinclair/typebox";
import { Accuracy } from "../../schemas/accuracy.ts";
import { DEVICE_CHOICES } from "../../schemas/experiment.ts";

const Count = Type.Integer({ minimum: 0 });

export const GenerateRequest = Type.Object({
  /** Experiment file, absolute. */
  experiment: Type.String({ minLength: 1 }),
  /** In place of the experiment's. */
  device: Type.Optional(Type.Union(DEVICE_CHOICES.map((choice) => Type.Literal(choice)))),
});
export type GenerateRequest = Static<typeof GenerateRequest>;

const Progress = Type.Object({
  kind: Type.Literal("progress"),
  /** Questions whose trajectories are in the file. */
  stored: Count,
  questions: Count,
  /** The wave that goes on: its turn, from 1, the most there may be, and how many of its episodes have ended. */
  wave: Type.Optional(Type.Object({ turn: Count, turns: Count, ended: Count })),
});

const Finished = Type.Object({
  kind: Type.Literal("finished"),
  file: Type.String(),
  planned: Count,
  /** Of what follows; fewer than planned where it was stopped. */
  questions: Count,
  skipped: Count,
  right: Accuracy,
  /** Of the chosen tools. */
  entropyBits: Type.Number({ minimum: 0 }),
});

export const GenerateMessage = Type.Union([
  /** What a person should know: what it waits for, what nothing answers. */
  Type.Object({ kind: Type.Literal("said"), sentence: Type.String() }),
  Progress,
  Type.Object({ kind: Type.Literal("refused"), sentence: Type.String() }),
  Finished,
]);
export type GenerateMessage = Static<typeof GenerateMessage>;
export type Generating = Omit<Static<typeof Progress>, "kind">;
export type Generated = Omit<Static<typeof Finished>, "kind">;
