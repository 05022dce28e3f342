/** The conversation between a run and the thread that a researcher's own code is in. */
import { type Static, Type } from "@sinclair/typebox";

/** What a file has to export by default: one function, or an object of functions by name. */
export type OwnExport = "function" | "functions";

/** What the thread is started with. */
export interface WorkerStart {
  /** Absolute path of the researcher's file. */
  file: string;
  exports: OwnExport;
}

/** Asked one at a time. */
export interface Question {
  id: number;
  /** Which of the functions; absent where the file exports one. */
  name?: string;
  input: unknown;
}

/** The code in the thread is a stranger's: whatever comes back is checked. */
export const Answer = Type.Union([
  Type.Object({
    kind: Type.Literal("ready"),
    names: Type.Array(Type.String(), { description: "Of the functions; none where the file exports one." }),
  }),
  Type.Object({ kind: Type.Literal("refused"), why: Type.String() }),
  Type.Object({ kind: Type.Literal("value"), id: Type.Integer(), value: Type.Optional(Type.Unknown()) }),
  Type.Object({ kind: Type.Literal("thrown"), id: Type.Integer(), message: Type.String(), stack: Type.String() }),
]);
export type Answer = Static<typeof Answer>;
