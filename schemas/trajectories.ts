/**
 * A file of trajectories (`*.trajectories.jsonl`): on the first line what made it, then one line for each question, in the order of
 * the questions. Every text in it was written by a model or by a tool.
 */
import { type Static, Type } from "@sinclair/typebox";
import { count, literals, strict, text } from "./fields.ts";
import { ToolCall } from "./samples.ts";
import { RARITY_RULES, SparkSettings } from "./spark.ts";

const sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });
const score = Type.Number({ minimum: 0, maximum: 10 });

/** Changes when an older version would misread a newer file. */
export const TRAJECTORY_FORMAT = 1;

/** All that decides the lines below it: the same again gives the same bytes on the CPU. */
export const TrajectoryHeader = Type.Object(
  {
    trajectories: Type.Literal(TRAJECTORY_FORMAT, { description: "Format of the file." }),
    product: Type.String({ description: "Version that wrote it." }),
    seed: count,
    judge: Type.String({ description: "The judge with all that its scores depend on." }),
    settings: Type.Object(
      {
        ...Type.Omit(SparkSettings, ["judge"]).properties,
        lengths: Type.Object({ prompt: count, response: count }, strict),
      },
      strict,
    ),
    model: Type.Object(
      { name: text, sha256, adapter: Type.Optional(sha256) },
      { ...strict, description: "The generator; hashes are of all files of its directories." },
    ),
    engine: Type.Object({ device: text, threads: count, runtime: text }, strict),
    questions: Type.Object({ count, sha256 }, strict),
    tools: sha256,
    prompts: Type.Unsafe<string>({
      ...sha256,
      description: "Of the first prompts of all questions, as tokens: another tokenizer or chat template has others.",
    }),
    environment: Type.Object({ functions: Type.Optional(sha256), results: Type.Optional(sha256) }, strict),
  },
  { $id: "trajectory-header", ...strict },
);

export const Action = Type.Union(
  [
    Type.Object({ kind: Type.Literal("call"), name: text, arguments: ToolCall.properties.arguments }, strict),
    Type.Object({ kind: Type.Literal("answer"), text }, strict),
    Type.Object({ kind: Type.Literal("broken"), fault: text }, strict),
  ],
  { title: "a call, an answer, or a broken action" },
);

export const TrajectoryCandidate = Type.Object(
  {
    tool: Type.Union([Type.String(), Type.Null()], {
      description: "The tool it was begun for; null for plain reasoning.",
      title: "a tool's name or null",
    }),
    text: Type.String({ description: "The action as it was written, its forced beginning included." }),
    action: Action,
    score,
  },
  strict,
);

export const TrajectoryTurn = Type.Object(
  {
    thought: text,
    candidates: Type.Array(TrajectoryCandidate, { minItems: 1 }),
    viable: Type.Array(count, { description: "Indices of the candidates whose score is above the threshold." }),
    chosen: Type.Integer({ minimum: 0, description: "Index of the candidate that was taken." }),
    by: literals(...RARITY_RULES, "best"),
    completion: Type.String({ description: "What the policy is to learn here: the thought and the chosen action." }),
    observation: Type.Optional(text),
    /** Present where the tool did not answer. */
    trouble: Type.Optional(literals("refused", "failed", "cut", "none", "broken")),
    reward: Type.Object({ quality: Type.Number(), diversity: Type.Number(), terminal: Type.Number() }, strict),
  },
  strict,
);

const asked = {
  question: Type.String({ description: "Id of the question." }),
  query: text,
  tools: Type.Array(text),
  category: Type.Optional(text),
};

export const Trajectory = Type.Object(
  {
    ...asked,
    accepted: Type.Array(text, { minItems: 1, description: "Answers that are right." }),
    turns: Type.Array(TrajectoryTurn),
    end: literals("answered", "ran out of steps", "prompt too long"),
    answer: Type.Optional(text),
    correct: Type.Boolean(),
  },
  { $id: "trajectory", ...strict },
);

/** A question whose judge could not be understood: nothing is learnt from it. */
export const SkippedQuestion = Type.Object(
  {
    ...asked,
    skipped: Type.String({ description: "Why." }),
    turn: Type.Integer({ minimum: 0, description: "Turn that could not be judged, from 0." }),
  },
  { $id: "skipped-question", ...strict },
);

export type TrajectoryHeader = Static<typeof TrajectoryHeader>;
export type TrajectoryCandidate = Static<typeof TrajectoryCandidate>;
export type TrajectoryTurn = Static<typeof TrajectoryTurn>;
export type Trajectory = Static<typeof Trajectory>;
export type SkippedQuestion = Static<typeof SkippedQuestion>;
export type TrajectoryLine = Trajectory | SkippedQuestion;

/** Schema of a line, by what it looks like. */
export function trajectorySchema(value: object): typeof TrajectoryHeader | typeof SkippedQuestion | typeof Trajectory {
  if (Object.hasOwn(value, "trajectories")) return TrajectoryHeader;
  return Object.hasOwn(value, "skipped") ? SkippedQuestion : Trajectory;
}

export const isSkipped = (line: TrajectoryLine): line is SkippedQuestion => "skipped" in line;
