/**
 * A process that generates trajectories has its actions judged by a language model of the editor, which lives in windows: part of the
 * conversation in `schemas/protocol.ts`. The process asks; a window that offered itself answers; without one the questions wait. A
 * process whose judge is an endpoint may wait for its key in the same way.
 */
import { type Static, Type } from "@sinclair/typebox";
import { LONGEST_JUDGE_ANSWER, LONGEST_JUDGE_REASON } from "./judgeLimits.ts";
import { count, literals, orNull, strict } from "./viewMessages.ts";

/** As the editor's language-model API names models. */
export const WantedModel = Type.Object(
  { vendor: orNull(Type.String({ maxLength: 256 })), family: Type.String({ maxLength: 256 }) },
  strict,
);

/** How the judging goes; counts are of questions unless said otherwise. */
export const JudgingState = Type.Object(
  {
    file: Type.String({ description: "The trajectories file that is generated." }),
    model: orNull(WantedModel),
    /** What is wanted instead of a model: the key of the endpoint with this origin. */
    key: orNull(Type.String({ maxLength: 2048 })),
    /** `waiting`: for a window that judges. `resting`: the windows that do have no quota for now. */
    state: literals("idle", "waiting", "asking", "resting"),
    open: count,
    answered: count,
    windows: Type.Integer({ minimum: 0, description: "Windows that judge." }),
    reason: orNull(Type.String({ description: "Why it waits or rests, one sentence." })),
  },
  strict,
);

const QuestionId = Type.String({ minLength: 1, maxLength: 64 });

export const JudgeQuestion = Type.Object(
  {
    id: QuestionId,
    messages: Type.Array(
      Type.Object(
        { role: literals("system", "user", "assistant"), text: Type.String({ maxLength: 4_000_000 }) },
        strict,
      ),
      { minItems: 1, maxItems: 16 },
    ),
  },
  strict,
);

const why = { reason: Type.String({ maxLength: LONGEST_JUDGE_REASON }) };

/** What became of a question in a window. */
export const JudgeOutcome = Type.Union([
  Type.Object({ kind: Type.Literal("text"), text: Type.String({ maxLength: LONGEST_JUDGE_ANSWER }) }, strict),
  /** The model answers no such question. */
  Type.Object({ kind: Type.Literal("unusable"), ...why }, strict),
  /** No quota for now: the window is asked again later. */
  Type.Object({ kind: Type.Literal("resting"), ...why }, strict),
  /** The person does not allow it here: the window judges no more, and the question waits for another. */
  Type.Object({ kind: Type.Literal("declined"), ...why }, strict),
  /** The model is gone. */
  Type.Object({ kind: Type.Literal("missing"), ...why }, strict),
  /** Something else, which may pass. */
  Type.Object({ kind: Type.Literal("failed"), ...why }, strict),
]);

const nothing = Type.Object({}, strict);

export const judgingRequests = {
  /** From here on the client is sent `judging`. */
  judging: { params: nothing, result: JudgingState },
  /** This window judges from here on: the person has said so in it. */
  offerJudge: { params: nothing, result: JudgingState },
  withdrawJudge: { params: nothing, result: nothing },
  /** The key that is wanted, which the person gives. Answers why it is not taken; null where it is. */
  giveJudgeKey: {
    params: Type.Object({ key: Type.String({ maxLength: 8192 }) }, strict),
    result: Type.Object({ refused: orNull(Type.String()) }, strict),
  },
  /** An answer to a question that was cancelled, or given to another window, says nothing. */
  answerJudge: { params: Type.Object({ id: QuestionId, outcome: JudgeOutcome }, strict), result: nothing },
} as const;

export const judgingNotifications = {
  judging: JudgingState,
  judgeQuestion: JudgeQuestion,
  judgeCancelled: Type.Object({ id: QuestionId }, strict),
} as const;

export type WantedModel = Static<typeof WantedModel>;
export type JudgingState = Static<typeof JudgingState>;
export type JudgeQuestion = Static<typeof JudgeQuestion>;
export type JudgeOutcome = Static<typeof JudgeOutcome>;
