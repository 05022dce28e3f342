/** What is downloaded with a model: weights, tokenizer, configurations, the program that writes its prompts. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import { byteAlphabet } from "../../../server/prompts/byteAlphabet.ts";
import { ChatTemplate } from "../../../server/prompts/chatTemplate.ts";
import { generationTokens } from "../../../server/prompts/specialTokens.ts";
import { TINY_TEMPLATE, tinyConfig, tinyModelFiles, tinyTokenizer } from "../../../server/prompts/testing/tinyModel.ts";
import { Tokenizer } from "../../../server/prompts/tokenizer.ts";
import { readJson } from "../../../server/toolcalls/documents.ts";
import { openModelWeights } from "../../../server/training/engine/modelWeights.ts";
import { readPeftConfig } from "../../../server/training/engine/onnx/adapter/peft/peftConfig.ts";
import { readModelConfig } from "../../../server/training/engine/onnx/model/modelConfig.ts";
import { endTokens, loadWeights } from "../../../server/training/engine/onnx/model/weights.ts";
import { readSafetensors, type TensorData, writeSafetensors } from "../../../server/training/engine/safetensors.ts";
import { root } from "../../sources.ts";
import { inStructure, joined, mutated } from "../mutations.ts";
import type { Random, Target } from "../target.ts";
import { bytesOf, exampleText, jsonBytes, ofFile } from "./support.ts";

const read = (file: string): Uint8Array => new Uint8Array(readFileSync(file));

function smallWeights(folder: string): Uint8Array[] {
  const file = join(folder, "model.safetensors");
  const all: ReadonlyMap<string, TensorData>[] = [
    new Map([["w", { dtype: "F32", shape: [2, 3], data: new Float32Array(6).fill(1.5) }]]),
    new Map<string, TensorData>([
      ["model.embed_tokens.weight", { dtype: "BF16", shape: [4, 2], data: new Uint8Array(16).fill(0x3f) }],
      ["model.norm.weight", { dtype: "F16", shape: [2], data: new Uint8Array(4) }],
      ["ids", { dtype: "I64", shape: [], data: new Uint8Array(8) }],
      ["empty", { dtype: "U8", shape: [0, 7], data: new Uint8Array() }],
    ]),
  ];
  return all.map((tensors) => {
    writeSafetensors(file, tensors, { format: "pt" });
    return read(file);
  });
}

/** Half of the faults leave the length field right, so that the header's claims are what is wrong. */
function inHeader(seed: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  if (random() < 0.5) return mutated(seed, other, random);
  const length = Number(new DataView(seed.buffer, seed.byteOffset, 8).getBigUint64(0, true));
  let header = seed.subarray(8, 8 + length);
  do header = random() < 0.8 ? inStructure(header, random) : mutated(header, other.subarray(8), random);
  while (random() < 0.4);
  const frame = new Uint8Array(8);
  new DataView(frame.buffer).setBigUint64(0, BigInt(header.length), true);
  return joined(frame, header, seed.subarray(8 + length));
}

const safetensors: Target = {
  name: "safetensors",
  weight: 9,
  seeds: smallWeights,
  mutate: inHeader,
  open: (folder) => ({ read: ofFile(folder, "model.safetensors", (file) => void readSafetensors(file)) }),
};

const SHARDS = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];

const weightsIndex: Target = {
  name: "weights' index",
  weight: 4,
  seeds: () => [
    jsonBytes({ metadata: { total_size: 8 }, weight_map: { w: SHARDS[0], "model.norm.weight": SHARDS[1] } }),
    jsonBytes({ weight_map: { w: SHARDS[0] } }),
  ],
  open(folder) {
    const model = join(folder, "indexed");
    mkdirSync(model);
    for (const [index, bytes] of smallWeights(folder).entries()) writeFileSync(join(model, SHARDS[index] ?? ""), bytes);
    return {
      read: ofFile(model, "model.safetensors.index.json", () => {
        using weights = openModelWeights(model);
        for (const name of weights.tensors.keys()) weights.read(name);
      }),
    };
  },
};

const TEXTS = ["the name of me\n\n<tool_call>\n{}</tool_call><|end|>", "ünïcödé 🙂 \u0000 \t  x"];

function useTokenizer(folder: string): void {
  const tokenizer = Tokenizer.load(folder);
  for (const text of TEXTS) tokenizer.decode(tokenizer.encode(text));
  tokenizer.decode([0, 1, tokenizer.size - 1, tokenizer.size, tokenizer.eos, tokenizer.pad], { keepSpecial: true });
}

function writeModel(folder: string): void {
  for (const [name, text] of Object.entries(tinyModelFiles())) writeFileSync(join(folder, name), text);
}

/** Byte pairs of few letters: of a small vocabulary a larger part is hit. */
function otherTokenizers(): unknown[] {
  const vocab = {
    "<unk>": 0,
    "▁": 1,
    a: 2,
    t: 3,
    "▁t": 4,
    th: 5,
    h: 6,
    e: 7,
    "<0x0A>": 8,
    "<|end|>": 9,
    "<|pad|>": 10,
  };
  const steps = [
    { type: "Prepend", prepend: "▁" },
    { type: "Replace", pattern: { String: " " }, content: "▁" },
    { type: "NFC" },
  ];
  const merges = [
    ["t", "h"],
    ["▁", "t"],
  ];
  return [
    {
      version: "1.0",
      added_tokens: [
        {
          id: 9,
          content: "<|end|>",
          special: true,
          single_word: false,
          lstrip: true,
          rstrip: false,
          normalized: false,
        },
      ],
      normalizer: { type: "Sequence", normalizers: steps },
      pre_tokenizer: null,
      post_processor: {
        type: "TemplateProcessing",
        single: [{ Sequence: { id: "A", type_id: 0 } }],
        pair: [],
        special_tokens: {},
      },
      decoder: {
        type: "Sequence",
        decoders: [{ type: "ByteFallback" }, { type: "Fuse" }, { type: "Strip", content: " ", start: 1, stop: 0 }],
      },
      model: { type: "BPE", unk_token: "<unk>", fuse_unk: true, byte_fallback: true, vocab, merges },
    },
    {
      version: "1.0",
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: {
        type: "Sequence",
        pretokenizers: [
          {
            type: "Split",
            pattern: { Regex: "(?i:'s|'t)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|\\s+(?!\\S)|\\s+" },
            behavior: "Isolated",
            invert: false,
          },
          { type: "Digits", individual_digits: true },
          { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
        ],
      },
      post_processor: null,
      decoder: { type: "ByteLevel" },
      model: {
        type: "BPE",
        vocab: Object.fromEntries([...byteAlphabet(), "ab", "<|end|>", "<|pad|>"].map((text, id) => [text, id])),
        merges: ["a b"],
        ignore_merges: true,
      },
    },
  ];
}

const tokenizerFile: Target = {
  name: "tokenizer.json",
  weight: 4,
  seeds: () => [tinyTokenizer(), ...otherTokenizers()].map(jsonBytes),
  open(folder) {
    writeModel(folder);
    return { read: ofFile(folder, "tokenizer.json", () => useTokenizer(folder)) };
  },
};

const MESSAGES = [
  { role: "system", content: "Call tools." },
  { role: "user", content: "Where is <|end|> it?" },
  {
    role: "assistant",
    content: "",
    tool_calls: [{ type: "function", function: { name: "find", arguments: { what: ["it", 1.5, null] } } }],
  },
  { role: "tool", name: "find", content: "{}" },
] satisfies Parameters<ChatTemplate["render"]>[0];
const TOOLS: Parameters<ChatTemplate["render"]>[1] = [
  {
    type: "function",
    function: { name: "find", description: "Finds.", parameters: { type: "object", properties: {} } },
  },
];

function useTemplate(folder: string): void {
  const template = ChatTemplate.load(folder);
  template.render(MESSAGES, TOOLS, true);
  template.render(MESSAGES.slice(0, 2), [], false);
}

const tokenizerConfig: Target = {
  name: "tokenizer_config.json",
  weight: 4,
  seeds: () => [
    jsonBytes(tinyConfig()),
    jsonBytes({
      ...tinyConfig(),
      chat_template: [
        { name: "default", template: "{{ messages }}" },
        { name: "tool_use", template: "{{ tools }}" },
      ],
    }),
    jsonBytes({ ...tinyConfig(), added_tokens_decoder: {}, extra_special_tokens: { image_token: "<|pad|>" } }),
  ],
  open(folder) {
    writeModel(folder);
    return {
      read: ofFile(folder, "tokenizer_config.json", () => {
        useTokenizer(folder);
        useTemplate(folder);
      }),
    };
  },
};

const chatTemplate: Target = {
  name: "chat template",
  weight: 6,
  seeds: () => [bytesOf(TINY_TEMPLATE), ...goldenTemplates(), bytesOf(LOOPS)],
  open(folder) {
    writeModel(folder);
    return { read: ofFile(folder, "chat_template.jinja", () => useTemplate(folder)) };
  },
};

/** What templates do that the small one does not. */
const LOOPS = `{%- macro shown(x, depth=0) %}{% if depth < 3 %}{{ x | string | length }}{{ shown(x, depth + 1) }}{% endif %}{% endmacro %}
{%- set ns = namespace(last=0, text="") %}{% for i in range(20) %}{% set ns.last = ns.last + i %}{% set ns.text = ns.text ~ i %}{% endfor %}
{{- ns.text[1:5] ~ ns.last ~ shown(tools) ~ (messages | map(attribute="role") | join(",")) ~ ("a" * 30) ~ 2 ** 8 }}
{%- for m in messages | reverse if m.role != "tool" %}{{ loop.index0 ~ m.content | trim | upper | replace("A", "bb") }}{% else %}none{% endfor %}
{%- if messages[0]["content"].split(" ") | length > 1 and "x" not in messages[-1] %}{{ raise_exception("no") if false else "" }}{% endif %}`;

function goldenTemplates(): Uint8Array[] {
  const texts: unknown = JSON.parse(readFileSync(join(root, "server/prompts/testing/golden/templates.json"), "utf8"));
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "string" && value.includes("{%") && value.length < 6000) found.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(texts);
  return found.slice(0, 40).map(bytesOf);
}

const config: Target = {
  name: "config.json",
  weight: 7,
  seeds: () => [
    bytesOf(exampleText("quickstart/policy/config.json")),
    ...globSync("server/training/engine/onnx/testing/golden/*/config.json", { cwd: root }).map((file) =>
      read(join(root, file)),
    ),
  ],
  open(folder) {
    writeFileSync(join(folder, "model.safetensors"), smallWeights(folder)[1] ?? "");
    return {
      read: ofFile(folder, "config.json", () => {
        const config = readModelConfig(folder);
        try {
          loadWeights(folder, config);
        } catch (error) {
          // The weights beside it belong to no model at all.
          if (!(error instanceof InputError)) throw error;
        }
      }),
    };
  },
};

const generationConfig: Target = {
  name: "generation_config.json",
  weight: 4,
  seeds: () => [
    bytesOf(exampleText("quickstart/policy/generation_config.json")),
    jsonBytes({
      bos_token_id: 1,
      eos_token_id: [2, 3],
      pad_token_id: 0,
      temperature: 0.7,
      top_p: 0.9,
      do_sample: true,
    }),
  ],
  open: (folder) => ({
    read: ofFile(folder, "generation_config.json", () => {
      generationTokens(folder);
      endTokens(folder);
    }),
  }),
};

const adapterConfig: Target = {
  name: "adapter_config.json",
  weight: 4,
  seeds: () => [
    jsonBytes({
      peft_type: "LORA",
      task_type: "CAUSAL_LM",
      base_model_name_or_path: "org/model",
      r: 8,
      lora_alpha: 16,
      lora_dropout: 0.05,
      use_rslora: false,
      bias: "none",
      target_modules: ["q_proj", "v_proj"],
      modules_to_save: null,
      rank_pattern: {},
      init_lora_weights: true,
    }),
    jsonBytes({ peft_type: "LORA", r: 1, lora_alpha: 0.5, target_modules: "all-linear", inference_mode: true }),
  ],
  open: (folder) => ({
    read: ofFile(folder, "adapter_config.json", (file) => void readPeftConfig(readJson(file))),
  }),
};

export const modelTargets: readonly Target[] = [
  safetensors,
  weightsIndex,
  tokenizerFile,
  tokenizerConfig,
  chatTemplate,
  config,
  generationConfig,
  adapterConfig,
];
