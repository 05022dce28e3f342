/** One line of a samples file (`*.samples.jsonl`) or of a demonstrations file (`*.demos.jsonl`). */
import { type Static, Type } from "@sinclair/typebox";

export const ToolCall = Type.Object(
  {
    name: Type.String({ minLength: 1, description: "Tool that is called." }),
    arguments: Type.Object({}, { additionalProperties: true, description: "Arguments by parameter name." }),
  },
  { additionalProperties: false },
);

export const Demonstration = Type.Object(
  {
    id: Type.String({ minLength: 1, description: "Unique within its file." }),
    query: Type.String({ minLength: 1, description: "What the user asks." }),
    answer: Type.Array(ToolCall, { description: "The calls that answer it; empty where no tool fits." }),
  },
  { $id: "demonstration", additionalProperties: false },
);

/**
 * How the prompt is put: the stock tool-calling prompt; the one that asks the policy for examples of its own first; or the ones that ask for
 * the completions of ToolRL and of Tool-N1, which their rewards read.
 */
export const PromptStyle = Type.Union(
  [Type.Literal("tool-call"), Type.Literal("self-exemplify"), Type.Literal("toolrl"), Type.Literal("tool-n1")],
  { description: "How this prompt is put, where not as settings.prompt says." },
);

export const Sample = Type.Object(
  {
    id: Type.String({ minLength: 1, description: "Unique within its file." }),
    query: Type.String({ minLength: 1, description: "What the user asks." }),
    tools: Type.Array(Type.String(), { description: "Names of the tools offered in the prompt." }),
    answer: Type.Array(ToolCall, { description: "The gold calls; empty where no tool fits." }),
    category: Type.Optional(
      Type.String({ description: "Kind of sample, for tables: single, several, parallel, none." }),
    ),
    style: Type.Optional(PromptStyle),
    demonstrations: Type.Optional(
      Type.Array(Demonstration, { description: "Few-shot demonstrations shown before the query, as earlier turns." }),
    ),
    completion: Type.Optional(
      Type.String({
        description: "For supervised training only: the exact text to learn instead of the rendered answer.",
      }),
    ),
  },
  { $id: "sample", additionalProperties: false },
);

export type ToolCall = Static<typeof ToolCall>;
export type Demonstration = Static<typeof Demonstration>;
export type PromptStyle = Static<typeof PromptStyle>;
export type Sample = Static<typeof Sample>;
