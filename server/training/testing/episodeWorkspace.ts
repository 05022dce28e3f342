/** A workspace for episodes: sums of two numbers, two tools that add and one that looks words up, and the policy of scriptedEngine.ts. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { ExperimentFile, ResolvedExperiment } from "../../../schemas/experiment.ts";
import type { Question } from "../../../schemas/questions.ts";
import type { Tool } from "../../../schemas/tools.ts";
import { tinyModelFiles } from "../../prompts/testing/tinyModel.ts";
import { ENGINE_MODULE } from "../engine/remote/messages.ts";
import { resolveExperiment } from "../experiment.ts";
import { engineModule, temporaryFolder } from "./harness.ts";

const adding = (name: string): Tool => ({
  type: "function",
  function: {
    name,
    parameters: {
      type: "object",
      properties: { a: { type: "integer" }, b: { type: "integer" } },
      required: ["a", "b"],
      additionalProperties: false,
    },
  },
});

export const EPISODE_TOOLS: readonly Tool[] = [
  adding("add"),
  adding("sum_up"),
  {
    type: "function",
    function: {
      name: "look_up",
      parameters: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
    },
  },
];

/** What the tools answer; a look-up of "storm" fails. */
export const WORLD = `const add = ({ a, b }) => ({ sum: a + b });
export default {
  add,
  sum_up: async (args) => String(add(args).sum),
  look_up: ({ word }) => { if (word === "storm") throw new Error("no line to the dictionary"); return "see add"; },
};
`;

export function sumQuestion(index: number): Question {
  const [a, b] = [index + 1, 2 * index + 3];
  const tools = index % 3 === 0 ? ["add", "sum_up"] : ["add", "sum_up", "look_up"];
  const calls = [
    { call: { name: "add", arguments: { a, b } }, score: 9 },
    { call: { name: "sum_up", arguments: { a, b } }, score: 7 },
    { call: { name: "look_up", arguments: { word: "sum" } }, score: 6.5 },
  ];
  return {
    id: `sum ${index}`,
    query: `How much are ${a} and ${b}?`,
    tools,
    answer: String(a + b),
    uses: calls.filter(({ call }) => tools.includes(call.name)),
    ...(index % 2 === 0 && { category: "even" }),
  };
}

export interface EpisodeChanges {
  experiment?: Partial<ExperimentFile>;
  settings?: NonNullable<ExperimentFile["settings"]>;
  spark?: NonNullable<NonNullable<ExperimentFile["settings"]>["spark"]>;
  questions?: readonly Question[];
  /** Of every completion of the scripted engine, milliseconds. */
  delay?: number;
  files?: Record<string, string>;
  /** Folders that the experiment may name besides its own. */
  allow?: string[];
}

export const linesOf = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");

/** Writes it into a folder that exists, and returns the experiment file's path. */
export function writeEpisodes(dir: string, changes: EpisodeChanges = {}): string {
  const { questions = Array.from({ length: 7 }, (_, index) => sumQuestion(index)), delay = 0 } = changes;
  const experiment: ExperimentFile = {
    name: "sums",
    preset: "grpo",
    scale: "micro",
    model: "model",
    tools: ["sums.tools.json"],
    train: "sums.questions.jsonl",
    environment: { functions: "./world.mjs" },
    trajectories: "sums.trajectories.jsonl",
    device: "cpu",
    threads: 1,
    seed: 7,
    settings: {
      lengths: { prompt: 4000, response: 260 },
      ...changes.settings,
      spark: { steps: 3, thought: 60, observation: 80, wave: 3, ...changes.spark },
    },
    ...changes.experiment,
  };
  const files: Record<string, string> = {
    "package.json": "{}",
    "sums.tools.json": JSON.stringify(EPISODE_TOOLS),
    "sums.questions.jsonl": linesOf(questions),
    "world.mjs": WORLD,
    "experiment.json": JSON.stringify(experiment, null, 2),
    "model/config.json": JSON.stringify({ delay_ms: delay }),
    ...Object.fromEntries(Object.entries(tinyModelFiles()).map(([name, text]) => [`model/${name}`, text])),
    ...changes.files,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return join(dir, "experiment.json");
}

export function episodeExperiment(t: TestContext, changes: EpisodeChanges = {}): ResolvedExperiment {
  const { allow = [] } = changes;
  return resolveExperiment(writeEpisodes(temporaryFolder(t), changes), { allow });
}

/** A folder of its own with such a workspace. Engine processes play its script from here on. */
export function scriptedEpisodes(t: TestContext, changes: EpisodeChanges = {}): string {
  process.env[ENGINE_MODULE] = engineModule("scriptedEngine");
  const folder = temporaryFolder(t);
  writeEpisodes(folder, changes);
  return folder;
}

/** What was generated in it. */
export const generatedIn = (folder: string): string => readFileSync(join(folder, "sums.trajectories.jsonl"), "utf8");
