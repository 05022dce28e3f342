/**
 * Settings of SPaRK: how trajectories are generated, and what their turns are paid.
 * SP = "SPaRK" (abstract and extended abstract; the rest was not to be had). "Ours" marks a choice that it does not state.
 */
import { type Static, Type } from "@sinclair/typebox";
import { choice, positive, strict } from "./fields.ts";
import { JudgeChoice } from "./judges.ts";

const weight = (description: string) => Type.Number({ minimum: 0, description });

export const RARITY_RULES = ["least-used", "lowest-viable"] as const;
export type RarityRule = (typeof RARITY_RULES)[number];

export const SparkSettings = Type.Object(
  {
    steps: Type.Integer({ minimum: 1, maximum: 100, description: "Most turns of an episode." }),
    threshold: Type.Number({
      minimum: 0,
      exclusiveMaximum: 10,
      description: "An action whose score is above this is viable.",
    }),
    rule: choice(
      "Which viable action is taken. least-used: the one whose tool the data set has used least so far. lowest-viable: the one with the lowest score.",
      ...RARITY_RULES,
    ),
    temperature: Type.Number({
      exclusiveMinimum: 0,
      description: "T of thoughts and candidates while trajectories are generated.",
    }),
    thought: positive("Most tokens of a generated thought; its action has what that leaves of lengths.response."),
    observation: positive("Most tokens of what a tool answers; the rest is cut off."),
    wave: positive(
      "Questions whose episodes are generated side by side and stored together. The counts that least-used goes by depend on it.",
    ),
    weights: Type.Object(
      {
        quality: weight("Of the judge's score, divided by 10."),
        diversity: weight("Of 1 minus the share that the tool has of the data set's actions so far."),
        terminal: weight("Paid on the last turn for a right answer, taken off for any other end."),
      },
      strict,
    ),
    functions: Type.Object(
      {
        seconds: Type.Number({
          exclusiveMinimum: 0,
          maximum: 600,
          description: "Longest time for one call of a tool.",
        }),
        memory: Type.Integer({ minimum: 16, description: "Memory that the thread of the tools may take, MiB." }),
      },
      strict,
    ),
    judge: JudgeChoice,
  },
  strict,
);
export type SparkSettings = Static<typeof SparkSettings>;

export const SPARK_DEFAULTS: SparkSettings = {
  steps: 5, // SP: 5 steps for each question.
  threshold: 6, // SP: actions above 6.0 are viable.
  rule: "least-used", // SP states this one and lowest-viable.
  temperature: 0.7, // Ours.
  thought: 256, // Ours.
  observation: 256, // Ours.
  wave: 32, // Ours.
  weights: { quality: 1, diversity: 0.5, terminal: 1 }, // Ours: SP says what is rewarded, and no formula.
  functions: { seconds: 5, memory: 256 }, // Ours, as the limits of a reward of one's own.
  judge: { kind: "exact" }, // Ours.
};
