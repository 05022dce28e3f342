/** Every generated file of the episodes' workspace: path inside it → content. */
import type { ExperimentFile } from "../../schemas/experiment.ts";
import { catalogText, jsonLines } from "../quickstart/workspaceFiles.ts";
import { tools } from "./catalog.ts";
import { type AskedQuestion, drawQuestions, toQuestion } from "./dataset.ts";
import { policyFiles } from "./policyFiles.ts";

const questions = (prefix: string, asked: readonly AskedQuestion[]): string =>
  jsonLines(asked.map((question, index) => toQuestion(question, `${prefix}-${String(index + 1).padStart(3, "0")}`)));

/** The experiment as it is first written; whoever tunes it owns it from then on. */
export const experiment: ExperimentFile = {
  name: "episodes",
  preset: "grpo",
  scale: "micro",
  model: "policy",
  tools: ["house.tools.json"],
  train: "train.questions.jsonl",
  heldOut: "heldout.questions.jsonl",
  environment: { functions: "./world.mjs" },
  trajectories: "train.trajectories.jsonl",
  settings: {
    lengths: { prompt: 512, response: 128 },
    spark: { steps: 6, thought: 48, observation: 64, wave: 50, rule: "least-used", judge: { kind: "exact" } },
  },
};

export const workspaceFiles = (): Map<string, string> =>
  new Map([
    ["house.tools.json", catalogText(tools)],
    ["train.questions.jsonl", questions("train", drawQuestions("train"))],
    ["heldout.questions.jsonl", questions("heldout", drawQuestions("heldOut"))],
    ...Array.from(policyFiles(), ([name, content]): [string, string] => [`policy/${name}`, content]),
  ]);
