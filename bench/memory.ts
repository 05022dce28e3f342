/**
 * Memory of a gradient with and without a memory plan (policyGraphs.ts), and with frozen weights in float32, in float16 and in 4 bits, each in a process of its own. What else the machine does
 * changes nothing in it.
 *
 *     node bench/memory.ts
 */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ADAPTER_TARGETS } from "../schemas/adapter.ts";
import type { Lora } from "../server/training/engine/lora.ts";
import type { ModelConfig } from "../server/training/engine/onnx/model/modelConfig.ts";
import { chunkColumns } from "../server/training/engine/onnx/ops/vocabulary.ts";
import type { MemoryPlan } from "../server/training/engine/onnx/policyGraphs.ts";
import { worker } from "./processes.ts";
import type { MemoryCase, MemoryFound } from "./workers/updateMemory.ts";

const BASE: ModelConfig = {
  architecture: "qwen2",
  vocabulary: 4096,
  hidden: 256,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 64,
  intermediate: 1024,
  maxPositions: 1024,
  positionsLimit: "max_position_embeddings",
  normEpsilon: 1e-6,
  ropeTheta: 10_000,
  ropeScaling: undefined,
  biases: ["q_proj", "k_proj", "v_proj"],
  headNorms: false,
  tied: true,
};

interface Comparison {
  title: string;
  config: ModelConfig;
  promptLength: number;
  completions: number;
  completionLength: number;
  plans: Record<string, MemoryPlan & { lora?: Lora }>;
}

const wide = { ...BASE, hidden: 128, intermediate: 512, headSize: 32, vocabulary: 151_936 };
const deep = { ...BASE, layers: 16 };
const frozen = { ...BASE, layers: 12, hidden: 768, heads: 12, intermediate: 2048 };
const lora: Lora = { rank: 8, alpha: 16, rankStabilized: false, dropout: 0, targets: ADAPTER_TARGETS };
const COMPARISONS: Comparison[] = [
  {
    title: "Vocabulary of 151,936 (hidden 128 × 2 layers, 4 completions of 256 tokens)",
    config: wide,
    promptLength: 128,
    completions: 4,
    completionLength: 256,
    plans: {
      "all logits at once": {},
      "chunks of 128 MiB": { columns: Math.ceil(wide.vocabulary / 5) },
      "chunks as chosen": { columns: chunkColumns(wide.vocabulary, 1024) },
    },
  },
  {
    title: "16 layers (hidden 256, vocabulary 4,096, 4 completions of 256 tokens)",
    config: deep,
    promptLength: 256,
    completions: 4,
    completionLength: 256,
    plans: { "all results kept": {}, checkpointing: { checkpointing: true } },
  },
  {
    title:
      "Adapters of rank 8 above frozen weights (hidden 768 × 12 layers, vocabulary 4,096, 4 completions of 32 tokens)",
    config: frozen,
    promptLength: 64,
    completions: 4,
    completionLength: 32,
    plans: {
      "weights in float32": { lora },
      "in float16": { lora: { ...lora, frozen: { kind: "half" } } },
      "in 4 bits, blocks of 32": { lora: { ...lora, frozen: { kind: "blocks", block: 32 } } },
      "in 4 bits, blocks of 64": { lora: { ...lora, frozen: { kind: "blocks", block: 64 } } },
    },
  },
];

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
const lines = [
  "# Memory of one gradient",
  "",
  "Written by `node bench/memory.ts`: GRPO with an entropy term, float32, cpu.",
  "",
];
const data: Record<string, Record<string, MemoryFound>> = {};
for (const { title, plans, ...rest } of COMPARISONS) {
  lines.push(`## ${title}`, "", "| plan | before the run | peak | of which the run's |", "|---|---|---|---|");
  const found: Record<string, MemoryFound> = {};
  for (const [name, { lora, ...plan }] of Object.entries(plans)) {
    const settings: MemoryCase = { ...rest, plan, ...(lora && { lora }), threads: availableParallelism() };
    const result = await worker<MemoryFound>("updateMemory.ts", settings);
    found[name] = result;
    const { restingBytes, peakBytes } = result;
    lines.push(
      `| ${name} | ${megabytes(restingBytes)} | ${megabytes(peakBytes)} | ${megabytes(peakBytes - restingBytes)} |`,
    );
  }
  lines.push("");
  data[title] = found;
}
const results = join(import.meta.dirname, "results");
writeFileSync(join(results, "memory.md"), `${lines.join("\n").trimEnd()}\n`);
writeFileSync(join(results, "memory.json"), `${JSON.stringify(data, null, 2)}\n`);
console.log(lines.join("\n"));
