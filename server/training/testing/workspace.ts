/**
 * A workspace for the fake engine: queries q0 … q7, each a token of its own, each answered by one of four tools whose
 * call is one token too. A policy learns it in a few steps. In the hinted world each query has a call of its own, two of each
 * tool, and a prompt with demonstrations ends in a hint: few-shots help, and what is learnt with them helps without.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExperimentFile } from "../../../schemas/experiment.ts";
import type { Sample } from "../../../schemas/samples.ts";
import { byteAlphabet } from "../../prompts/byteAlphabet.ts";
import type { FakeConfig } from "./fakePolicy.ts";

const QUERIES = 8;
const TOOLS = 4;
const EOS = "<|end|>";

export type World = "plain" | "hinted";

const toolName = (index: number): string => `tool${index}`;
const callOf = (query: number, world: World) => ({
  name: toolName(query % TOOLS),
  arguments: world === "plain" ? {} : { v: Math.floor(query / TOOLS) },
});
const callText = (index: number, world: World): string => {
  const { name, arguments: args } = callOf(index, world);
  const values = Object.entries(args).map(([key, value]) => `"${key}": ${value}`);
  return `<tool_call>\n{"name": "${name}", "arguments": {${values.join(", ")}}}\n</tool_call>`;
};

const TEMPLATE = `{%- for message in messages %}{{ message.content }}{%- for call in message.tool_calls or [] %}
{{- '<tool_call>\\n{"name": ' + (call.function.name | tojson) + ', "arguments": ' + (call.function.arguments | tojson) + '}\\n</tool_call>' }}
{%- endfor %}{%- if message.role == "assistant" %}{{ "${EOS}" }}{% endif %}{%- endfor %}`;

/** The hint is called by the last letter of the question, which is the query's number. */
const HINT = `{%- if add_generation_prompt and messages|length > 1 %}{{ 'h' + messages[-1].content[-1:] }}{% endif %}`;

function sample(query: number, copy: number, world: World): Sample {
  return {
    id: `q${query}-${copy}`,
    query: `Ask q${query}`,
    tools: Array.from({ length: TOOLS }, (_, index) => toolName(index)),
    answer: [callOf(query, world)],
    category: query % 2 === 0 ? "even" : "odd",
  };
}

/** The model directory: tokenizer, template, and what the fake engine is to be. */
export function writeFakeModel(dir: string, changes: Partial<FakeConfig> = {}, world: World = "plain"): void {
  const bytes = [...byteAlphabet()];
  const numbered = (letter: string): string[] => Array.from({ length: QUERIES }, (_, query) => `${letter}${query}`);
  const calls = Array.from({ length: world === "plain" ? TOOLS : QUERIES }, (_, index) => callText(index, world));
  const contents = [...numbered("q"), ...(world === "plain" ? [] : numbered("h")), EOS, ...calls];
  const eos = bytes.length + contents.indexOf(EOS);
  const added = contents.map((content, index) => ({
    id: bytes.length + index,
    content,
    special: content === EOS,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }));
  const config: FakeConfig = {
    vocab_size: bytes.length + contents.length,
    eos_token_id: eos,
    likely_from: eos,
    ...(world === "plain"
      ? {}
      : {
          hints: { first: bytes.length + QUERIES, queries: bytes.length, calls: eos + 1, count: QUERIES, boost: 4 },
        }),
    ...changes,
  };
  const level = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  mkdirSync(dir, { recursive: true });
  const write = (name: string, value: unknown): void => writeFileSync(join(dir, name), JSON.stringify(value));
  write("config.json", config);
  write("tokenizer.json", {
    version: "1.0",
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: level,
    post_processor: level,
    decoder: level,
    model: {
      type: "BPE",
      vocab: Object.fromEntries(bytes.map((text, id) => [text, id])),
      merges: [],
      unk_token: null,
      byte_fallback: false,
    },
  });
  write("tokenizer_config.json", { eos_token: EOS, chat_template: world === "plain" ? TEMPLATE : TEMPLATE + HINT });
}

type FileSettings = NonNullable<ExperimentFile["settings"]>;

const SETTINGS: FileSettings = {
  steps: 6,
  sampling: { groupSize: 6, promptsPerStep: 8, temperature: 1 },
  lengths: { prompt: 32, response: 3 },
  objective: { clipLow: 0.2, clipHigh: 0.2, beta: 0, entropy: 0 },
  optimizer: {
    learningRate: 0.3,
    warmupSteps: 0,
    schedule: "constant",
    promptsPerMiniBatch: 4,
    epochsPerBatch: 1,
    weightDecay: 0,
    maxGradNorm: 10,
  },
  probe: { rollouts: 2, before: true, after: true },
  evaluation: { every: 3, rows: 4 },
  checkpoints: { every: 2, keep: 2 },
};

/** Section by section, key by key. */
export function withChanges(settings: FileSettings, changes: FileSettings = {}): FileSettings {
  const sections = Object.entries(changes).map(([name, value]) => {
    const before = settings[name as keyof FileSettings];
    return [name, typeof value === "object" ? { ...(before as object), ...value } : value];
  });
  return { ...settings, ...Object.fromEntries(sections) };
}

export interface WorkspaceChanges {
  settings?: FileSettings;
  experiment?: Partial<ExperimentFile>;
  model?: Partial<FakeConfig>;
  world?: World;
  /** Further files beside the experiment, by name. */
  files?: Record<string, string>;
}

/** Writes the workspace into a folder that exists and returns the experiment file's path. */
export function writeWorkspace(dir: string, changes: WorkspaceChanges = {}): string {
  const { world = "plain" } = changes;
  writeFakeModel(join(dir, "model"), changes.model, world);
  const tools = Array.from({ length: TOOLS }, (_, index) => ({
    type: "function",
    function: { name: toolName(index) },
  }));
  writeFileSync(join(dir, "tools.json"), JSON.stringify(tools));
  const lines = (copy: number): string =>
    Array.from({ length: QUERIES }, (_, query) => `${JSON.stringify(sample(query, copy, world))}\n`).join("");
  writeFileSync(join(dir, "train.jsonl"), lines(0) + lines(1));
  writeFileSync(join(dir, "heldOut.jsonl"), lines(2));
  for (const [name, text] of Object.entries(changes.files ?? {})) writeFileSync(join(dir, name), text);
  const experiment: ExperimentFile = {
    name: "toy",
    preset: "grpo",
    scale: "micro",
    model: "model",
    tools: ["tools.json"],
    train: "train.jsonl",
    heldOut: "heldOut.jsonl",
    device: "cpu",
    threads: 1,
    seed: 7,
    settings: withChanges(SETTINGS, changes.settings),
    ...changes.experiment,
  };
  const file = join(dir, "experiment.json");
  writeFileSync(file, JSON.stringify(experiment, null, 2));
  return file;
}
