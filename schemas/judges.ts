/** Which judge scores the actions of trajectories, as an experiment names it. No key stands here: files are shared. */
import { type Static, Type } from "@sinclair/typebox";
import { strict } from "./fields.ts";

const Asked = {
  showAnswers: Type.Optional(
    Type.Boolean({
      description:
        "Whether the judge is shown the right answers and the helpful calls that the question's author wrote down; false unless said.",
    }),
  ),
  cache: Type.Optional(
    Type.String({
      minLength: 1,
      description: "Folder of the judge's cache, relative to the experiment; beside the trajectories unless said.",
    }),
  ),
};

export const ExactJudge = Type.Object(
  {
    kind: Type.Literal("exact", { description: "Scores from the question's own calls and answers; nobody is asked." }),
  },
  strict,
);

export const EndpointJudge = Type.Object(
  {
    kind: Type.Literal("endpoint", { description: "Any OpenAI-compatible chat completions endpoint." }),
    url: Type.String({
      minLength: 1,
      maxLength: 2048,
      description: "Base URL, to which /chat/completions is added: https, or http on this machine.",
    }),
    model: Type.String({ minLength: 1, maxLength: 256, description: "Model, as the endpoint calls it." }),
    keyFrom: Type.Optional(
      Type.Union([Type.Literal("environment"), Type.Literal("editor")], {
        description:
          "Where its key is taken from: the environment unless said, or a window of the editor, which is waited for.",
      }),
    ),
    requestsPerMinute: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100_000, description: "Requests in any minute; 60 unless said." }),
    ),
    concurrency: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 64, description: "Requests under way at a time; 4 unless said." }),
    ),
    // Node's fetch gives up by itself after five minutes without a word.
    seconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 300, description: "Time limit for a request; 120 unless said." }),
    ),
    ...Asked,
  },
  strict,
);

export const EditorJudge = Type.Object(
  {
    kind: Type.Literal("editor", { description: "A language model of the editor, by way of an open window." }),
    vendor: Type.Optional(
      Type.String({ minLength: 1, maxLength: 256, description: "Vendor, as the editor calls it." }),
    ),
    family: Type.String({ minLength: 1, maxLength: 256, description: "Model family, as the editor calls it." }),
    concurrency: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 16,
        description: "Questions that a window is asked at a time; 2 unless said.",
      }),
    ),
    seconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3600, description: "Time limit for a question; 120 unless said." }),
    ),
    ...Asked,
  },
  strict,
);

export const JudgeChoice = Type.Union([ExactJudge, EndpointJudge, EditorJudge], {
  description: "Who scores the actions of trajectories.",
});

export const JUDGE_DEFAULTS = {
  endpoint: { requestsPerMinute: 60, concurrency: 4, seconds: 120 },
  editor: { concurrency: 2, seconds: 120 },
} as const;

export type EndpointJudge = Static<typeof EndpointJudge>;
export type EditorJudge = Static<typeof EditorJudge>;
export type JudgeChoice = Static<typeof JudgeChoice>;
