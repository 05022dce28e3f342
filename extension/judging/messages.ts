/** What the extension host and its training worker say to each other about judging with a model of the editor. */
import { NotificationType, RequestType } from "vscode-jsonrpc/node";
import type { JudgeOutcome, JudgeQuestion, JudgingState, WantedModel } from "../../schemas/judging.ts";

/** A process that has trajectories judged. */
export interface JudgingStatus {
  /** The file that says where it listens. */
  bridge: string;
  /** Whether this window judges for it. */
  isOffered: boolean;
  state: JudgingState;
}

export interface AskModelParams {
  bridge: string;
  model: WantedModel;
  messages: JudgeQuestion["messages"];
}

/** Asks a model of the editor. */
export type AskEditor = (params: AskModelParams, signal: AbortSignal) => Promise<JudgeOutcome>;

export const FollowJudging = new RequestType<{ files: string[] }, JudgingStatus[], unknown>("followJudging");
export const OfferJudge = new RequestType<{ file: string }, null, unknown>("offerJudge");
export const WithdrawJudge = new RequestType<{ file: string }, null, unknown>("withdrawJudge");
/** Answers why the key is not taken; null where it is. */
export const GiveJudgeKey = new RequestType<{ file: string; key: string }, string | null, unknown>("giveJudgeKey");
export const JudgingChanged = new NotificationType<JudgingStatus[]>("judging");
/** From the worker to the host. */
export const AskModel = new RequestType<AskModelParams, JudgeOutcome, unknown>("askModel");
