/** The conversation between a run and the thread that a researcher's reward is in. */
import { type Static, Type } from "@sinclair/typebox";
import type { RewardInput } from "../../../schemas/rewardFunction.ts";

/** What the thread is started with. */
export interface WorkerStart {
  /** Absolute path of the reward's file. */
  file: string;
}

/** Asked one at a time. */
export interface Question {
  id: number;
  input: RewardInput;
}

/** The code in the thread is a stranger's: whatever comes back is checked. */
export const Answer = Type.Union([
  Type.Object({ kind: Type.Literal("ready") }),
  Type.Object({ kind: Type.Literal("refused"), why: Type.String() }),
  Type.Object({ kind: Type.Literal("value"), id: Type.Integer(), value: Type.Optional(Type.Unknown()) }),
  Type.Object({ kind: Type.Literal("thrown"), id: Type.Integer(), message: Type.String(), stack: Type.String() }),
]);
export type Answer = Static<typeof Answer>;
