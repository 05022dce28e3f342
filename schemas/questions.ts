/**
 * Tasks of several turns and what their tools answer: one line of a questions file (`*.questions.jsonl`), and of a file of recorded
 * results (`*.results.jsonl`).
 */
import { type Static, Type } from "@sinclair/typebox";
import { strict } from "./fields.ts";
import { ToolCall } from "./samples.ts";

const Answer = Type.String({
  pattern: "\\S",
  /** What a message asks for in place of the pattern. */
  title: "a text that is not empty",
});

const recorded = {
  call: ToolCall,
  result: Type.Unknown({ description: "What the tool answers: a text as it is, anything else as JSON." }),
};

export const RecordedResult = Type.Object(recorded, { $id: "result", ...strict });

export const UsefulCall = Type.Object(
  {
    call: ToolCall,
    score: Type.Optional(
      Type.Number({ minimum: 0, maximum: 10, description: "What the exact judge gives for it; 10 by default." }),
    ),
  },
  strict,
);

export const Question = Type.Object(
  {
    id: Type.String({ minLength: 1, description: "Unique within its file." }),
    query: Type.String({ minLength: 1, description: "What the user asks." }),
    tools: Type.Array(Type.String(), { description: "Names of the tools offered in the prompt." }),
    answer: Type.Unsafe<string>({ ...Answer, description: "The right answer." }),
    accept: Type.Optional(Type.Array(Answer, { description: "Other answers that are right." })),
    category: Type.Optional(Type.String({ description: "Kind of question, for tables." })),
    uses: Type.Optional(Type.Array(UsefulCall, { description: "Calls that help, for the exact judge." })),
    results: Type.Optional(
      Type.Array(Type.Object(recorded, strict), {
        description: "What tools answer in this question alone; they come before all others.",
      }),
    ),
  },
  { $id: "question", ...strict },
);

export type RecordedResult = Static<typeof RecordedResult>;
export type UsefulCall = Static<typeof UsefulCall>;
export type Question = Static<typeof Question>;
