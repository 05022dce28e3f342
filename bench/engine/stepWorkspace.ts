/** An experiment whose steps all do one known work: the same rows, completions that do not end, and a reward that always teaches. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExperimentFile, ResolvedExperiment } from "../../schemas/experiment.ts";
import type { Demonstration, Sample } from "../../schemas/samples.ts";
import { ChatTemplate } from "../../server/prompts/chatTemplate.ts";
import { PromptRenderer } from "../../server/prompts/promptRenderer.ts";
import { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { loadCatalog } from "../../server/toolcalls/catalog.ts";
import { resolveExperiment } from "../../server/training/experiment.ts";
import type { Bench } from "./bench.ts";
import { endlessModel } from "./endlessModel.ts";
import { loraOf } from "./lora.ts";
import type { Network } from "./operations.ts";
import type { StepWork } from "./plan.ts";
import { MICRO_POLICY, QUICKSTART } from "./quickstart.ts";
import { randomModel } from "./randomModel.ts";

/** Settings that a peer has to be given too. */
export const OPTIMIZER = {
  learningRate: 1e-6,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradNorm: 1,
};
export const TEMPERATURE = 1;
export const CLIP = 0.2;

/**
 * The micro policy is sure of much that it writes, so a group's completions are often the same, and equal rewards teach nothing: this
 * product leaves such a group out of the update, where its peers compute it. A reward that counts its calls differs within every
 * group, so that both learn every completion.
 */
const REWARD = `let calls = 0;
/** A hundredth for each letter e, and a thousandth for each call so far. */
export default ({ completion }) => (completion.match(/e/g) ?? []).length / 100 + ++calls / 1000;
`;

export interface StepWorkspace {
  experiment: ResolvedExperiment;
  /** The policy of the experiment. */
  model: string;
  remove(): void;
}

export function stepWorkspace(work: StepWork, { device, threads }: Bench): StepWorkspace {
  const { prompts, completions, newTokens, runs, warmup, policy, checkpointing = false } = work;
  const folder = mkdtempSync(join(tmpdir(), "toolexpander-bench-step-"));
  const model = policy ? speakingModel(policy.network) : endlessModel(MICRO_POLICY);
  symlinkSync(join(QUICKSTART, "tools"), join(folder, "tools"));
  // A reward has to lie in the experiment's own project.
  mkdirSync(join(folder, ".vscode"));
  writeFileSync(join(folder, "counting.mjs"), REWARD);
  const quickstart = JSON.parse(readFileSync(join(QUICKSTART, "experiment.json"), "utf8")) as ExperimentFile;
  const samples = linesOf<Sample>("train.samples.jsonl")
    .slice(0, prompts)
    .map((sample) => (policy ? lengthened(sample, policy.promptTokens, quickstart.tools) : sample));
  writeFileSync(join(folder, "train.samples.jsonl"), samples.map((sample) => `${JSON.stringify(sample)}\n`).join(""));
  const experiment: ExperimentFile = {
    name: "step",
    preset: "grpo",
    scale: "micro",
    model,
    tools: quickstart.tools,
    train: "train.samples.jsonl",
    device,
    threads,
    seed: 1,
    settings: {
      steps: runs + warmup,
      reward: "./counting.mjs",
      sampling: { promptsPerStep: prompts, groupSize: completions, temperature: TEMPERATURE },
      lengths: { response: newTokens, ...(policy && { prompt: 2 * policy.promptTokens }) },
      ...(policy && { adapter: { kind: "lora", ...loraOf(policy.adapter) } }),
      objective: { beta: 0, entropy: 0, clipLow: CLIP, clipHigh: CLIP, aggregation: "token-mean" },
      optimizer: {
        ...OPTIMIZER,
        checkpointing,
        warmupSteps: 0,
        schedule: "constant",
        decay: { factor: 1 },
        promptsPerMiniBatch: prompts,
        epochsPerBatch: 1,
        // The peer, too, passes its whole batch through the network at once.
        microBatchTokens: 1 << 20,
      },
      probe: { before: false, after: false },
      curriculum: { mode: "none" },
      evaluation: { every: 0 },
      checkpoints: { every: runs + warmup },
    },
  };
  writeFileSync(join(folder, "experiment.json"), JSON.stringify(experiment));
  return {
    experiment: resolveExperiment(join(folder, "experiment.json"), { allow: [model, QUICKSTART] }),
    model,
    remove: () => {
      for (const each of [folder, model]) rmSync(each, { recursive: true, force: true });
    },
  };
}

function linesOf<T>(file: string): T[] {
  const lines = readFileSync(join(QUICKSTART, file), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
}

/** The sample with as many demonstrations as its prompt needs to have these tokens. */
function lengthened(sample: Sample, tokens: number, catalogs: readonly string[]): Sample {
  const tools = loadCatalog(catalogs.map((file) => join(QUICKSTART, file)));
  const renderer = new PromptRenderer(Tokenizer.load(MICRO_POLICY), ChatTemplate.load(MICRO_POLICY), tools);
  const shown: Demonstration[] = [];
  for (const demonstration of linesOf<Demonstration>("quickstart.demos.jsonl")) {
    if (renderer.prompt(sample, shown).tokens.length >= tokens) break;
    shown.push(demonstration);
  }
  return { ...sample, demonstrations: shown };
}

/** A random policy with the micro policy's tokenizer: of tokens that this has none of, nothing is written. */
function speakingModel(network: Network): string {
  const model = randomModel(network, 1 << 15);
  for (const name of readdirSync(MICRO_POLICY))
    if (name.startsWith("tokenizer") || name === "chat_template.jinja")
      copyFileSync(join(MICRO_POLICY, name), join(model, name));
  return model;
}
