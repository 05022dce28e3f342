/** One group of the rollout view with all its texts, and one sample with all that happened to it. */
import { type Static, Type } from "@sinclair/typebox";
import { GroupKey, GroupRow, PutAs } from "./rolloutList.ts";
import type { Outcome } from "./run.ts";
import { count, literals, number, orNull, strict, text } from "./viewMessages.ts";

const outcome = literals("correct", "wrong", "malformed") satisfies { static: Static<typeof Outcome> };

/** A gold call beside the call it is matched with; values are JSON, shortened. */
export const CallDifference = Type.Object(
  {
    name: text,
    status: literals("same", "different", "missing", "extra"),
    arguments: Type.Array(
      Type.Object(
        {
          path: Type.String({ description: "Keys and list positions, as `customer.name` or `labels[1]`." }),
          status: literals("same", "different", "missing", "extra"),
          expected: Type.Optional(text),
          found: Type.Optional(text),
        },
        strict,
      ),
    ),
    /** Arguments that were left out because there are too many. */
    more: count,
  },
  strict,
);

/** A text of any length: its first part, and how long it is in UTF-16 code units. */
export const TextPart = Type.Object({ from: count, text, total: count }, strict);

export const CompletionDetail = Type.Object(
  {
    rollout: count,
    mark: literals("c", "w", "m", "t"),
    outcome,
    truncated: Type.Boolean(),
    length: Type.Integer({ minimum: 0, description: "Tokens." }),
    entropy: orNull(Type.Number({ description: "Mean over its tokens, nats." })),
    reward: Type.Number(),
    parts: Type.Array(
      Type.Object(
        { name: text, value: Type.Number(), why: orNull(Type.String({ description: "One sentence." })) },
        strict,
      ),
    ),
    reason: text,
    advantage: orNull(Type.Number()),
    completion: TextPart,
    /** Whether the log-probability of each token was kept. */
    logprobs: Type.Boolean(),
    /** Null where the gold calls are not known. */
    calls: orNull(Type.Array(CallDifference)),
  },
  strict,
);

/** A piece of the prompt, from and to in UTF-16 code units; `question` and `answer` are of a demonstration, from 0. */
export const PromptMark = Type.Object(
  {
    kind: literals("system", "tools", "question", "answer", "query", "opening"),
    demonstration: Type.Optional(count),
    from: count,
    to: count,
  },
  strict,
);

export const GroupDetail = Type.Object(
  {
    row: GroupRow,
    query: orNull(text),
    prompt: TextPart,
    /** Together the whole prompt; none where they cannot be told. */
    marks: Type.Array(PromptMark, { maxItems: 1000 }),
    /** What of the marks is not known, one sentence. */
    note: orNull(text),
    /** Round that the group was drawn in, and the edit that was in force. */
    round: orNull(count),
    edit: orNull(Type.Object({ file: text, time: text }, strict)),
    /** The gold calls as JSON, one a line; or why they are not known. */
    gold: Type.Union([
      Type.Object({ calls: Type.Array(text), corrected: Type.Boolean({ description: "By an edit." }) }, strict),
      Type.Object({ problem: Type.String({ description: "One sentence." }) }, strict),
    ]),
    completions: Type.Array(CompletionDetail),
  },
  strict,
);

/** Tokens of a completion with their log-probabilities, or why they are not known. */
export const TokenDetail = Type.Union([
  Type.Object(
    {
      /** `logprob`: of the tokens that the text takes, together, in nats; at most 0, null where it was no number. */
      tokens: Type.Array(Type.Object({ text, logprob: orNull(Type.Number()) }, strict)),
      /** Tokens that were left out because there are too many. */
      more: count,
    },
    strict,
  ),
  Type.Object({ problem: Type.String({ description: "One sentence." }) }, strict),
]);

const moment = { step: count };

/** Something that happened to a sample. */
export const SampleMoment = Type.Union([
  /** A group of it; a probe looks after its step. `edit`: sequence of the one that was in force. */
  Type.Object(
    {
      what: Type.Literal("group"),
      ...moment,
      key: GroupKey,
      marks: text,
      reward: Type.Number(),
      put: orNull(PutAs),
      round: orNull(count),
      edit: orNull(number),
    },
    strict,
  ),
  /** Demonstrations that were chosen for a round, or the choices that failed. */
  Type.Object(
    {
      what: Type.Literal("few-shots"),
      ...moment,
      round: count,
      chosen: Type.Boolean(),
      choices: number,
      rollouts: count,
      correct: count,
      /** What their users ask, shortened. */
      shown: Type.Array(text),
    },
    strict,
  ),
  Type.Object({ what: Type.Literal("state"), ...moment, state: text }, strict),
  Type.Object(
    {
      what: Type.Literal("edit"),
      ...moment,
      action: literals("fewshot", "exclude", "fixGold", "automatic", "refused"),
      file: text,
      time: text,
      /** Why it was refused. */
      reason: orNull(text),
      /** Who saved it last and what for, where the file says it. */
      by: orNull(text),
      why: orNull(text),
    },
    strict,
  ),
]);

export const SampleDetail = Type.Object(
  {
    sample: text,
    query: orNull(text),
    /** As the curriculum names it; empty where it says nothing of the sample. */
    state: text,
    /** In the order in which they happened. */
    moments: Type.Array(SampleMoment),
    /** Earlier groups that were left out. */
    more: count,
  },
  strict,
);

/** A run that lies beside the one that is looked at. */
export const NeighbourRun = Type.Object(
  { folder: Type.String({ description: "Its name, without what is above it." }), name: text, created: text },
  strict,
);

export type CallDifference = Static<typeof CallDifference>;
export type TextPart = Static<typeof TextPart>;
export type CompletionDetail = Static<typeof CompletionDetail>;
export type PromptMark = Static<typeof PromptMark>;
export type GroupDetail = Static<typeof GroupDetail>;
export type TokenDetail = Static<typeof TokenDetail>;
export type SampleMoment = Static<typeof SampleMoment>;
export type SampleDetail = Static<typeof SampleDetail>;
export type NeighbourRun = Static<typeof NeighbourRun>;
