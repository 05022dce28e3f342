/**
 * What padding costs an update: rows that the network computes for micro-batches as batching/ cuts and packs them, against the tokens that there
 * are. Counted, not timed.
 *
 *     node scripts/evidence/padding.ts [--out bench/results]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { microBatches } from "../../server/training/engine/onnx/batching/cutting.ts";
import { uniform } from "../../server/training/engine/philox.ts";
import { markdownTable } from "../../server/training/sweep/markdownTable.ts";
import { type DrawnGroup, quickstartDraws } from "./quickstartDraws.ts";

interface Case {
  what: string;
  groups: readonly DrawnGroup[];
  /** Groups of a mini-batch. */
  perUpdate: number;
  microBatchTokens: number;
}

interface Count {
  tokens: number;
  rows: number;
  /** Rows with every sequence by itself, its prompt before it, padded to the longest of its micro-batch. */
  plain: number;
}

/** Rows of a mini-batch; a prompt's tokens count once, however many completions it has. */
function counted(groups: readonly DrawnGroup[], microBatchTokens: number): Count {
  const lengths = groups.map(({ prompt, completions }) => ({
    prompt: new Int32Array(prompt),
    completions: completions.map((length) => new Int32Array(length)),
  }));
  const batches = microBatches(lengths, microBatchTokens);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    tokens: sum(groups.map(({ prompt, completions }) => prompt - 1 + sum(completions))),
    rows: sum(batches.map(({ sizes: { B, G, P, L } }) => B * P + B * G * L)),
    plain: plainRows(groups, microBatchTokens),
  };
}

/** In the order they came, as many to a micro-batch as fit. */
function plainRows(groups: readonly DrawnGroup[], most: number): number {
  const sequences = groups.flatMap(({ prompt, completions }) => completions.map((length) => prompt - 1 + length));
  let [rows, count, longest] = [0, 0, 0];
  for (const length of sequences) {
    if (count > 0 && (count + 1) * Math.max(longest, length) > most) {
      rows += count * longest;
      [count, longest] = [0, 0];
    }
    count += 1;
    longest = Math.max(longest, length);
  }
  return rows + count * longest;
}

/** Lengths as policies of half a billion parameters have them: log-normal, from a few dozen tokens to the limit. */
function longTailed(prompts: number, rollouts: number, limits: { prompt: number; response: number }): DrawnGroup[] {
  const key = (sample: number) => ({ seed: 17, step: 0, sample });
  const normal = (sample: number, stream: number) =>
    Math.sqrt(-2 * Math.log(1 - uniform(key(sample), stream, 0))) *
    Math.cos(2 * Math.PI * uniform(key(sample), stream, 1));
  const length = (median: number, spread: number, limit: number, z: number) =>
    Math.max(8, Math.min(limit, Math.round(median * Math.exp(spread * z))));
  return Array.from({ length: prompts }, (_, sample) => ({
    prompt: length(700, 0.5, limits.prompt, normal(sample, 0)),
    completions: Array.from({ length: rollouts }, (_, rollout) =>
      length(160, 0.8, limits.response, normal(sample, rollout + 1)),
    ),
  }));
}

const { values } = parseArgs({
  options: { out: { type: "string", default: join(import.meta.dirname, "..", "..", "bench", "results") } },
});
const tailed = longTailed(64, 8, { prompt: 2048, response: 1024 });
const cases: Case[] = [
  { what: "quickstart, scale micro", groups: await quickstartDraws(160, 8, 1), perUpdate: 16, microBatchTokens: 2048 },
  { what: "long-tailed lengths, scale single-gpu", groups: tailed, perUpdate: 16, microBatchTokens: 16_384 },
  { what: "the same, a quarter of the memory", groups: tailed, perUpdate: 16, microBatchTokens: 4096 },
];
const share = (of: number, all: number) => `${((100 * of) / all).toFixed(1)} %`;
const rows = cases.map(({ what, groups, perUpdate, microBatchTokens }) => {
  const updates = Array.from({ length: Math.floor(groups.length / perUpdate) }, (_, update) =>
    counted(groups.slice(update * perUpdate, (update + 1) * perUpdate), microBatchTokens),
  );
  const total = (part: keyof Count) => updates.reduce((sum, count) => sum + count[part], 0);
  const [tokens, computed, plain] = [total("tokens"), total("rows"), total("plain")];
  return [
    what,
    String(microBatchTokens),
    String(tokens),
    String(computed),
    share(computed - tokens, computed),
    String(plain),
  ];
});
const page = [
  "# Rows that an update computes",
  "",
  "By `node scripts/evidence/padding.ts`. A row is one position that goes through the network, padded or not. Tokens count a prompt once for all " +
    "completions of its group; what is computed beside them is padding, or a prompt that is sent twice. The last column has the rows of completions " +
    "that each come with a prompt of their own, in the order they were drawn. Log-normal lengths: prompts around 700 tokens " +
    "(spread 0.5, at most 2,048), completions around 160 (spread 0.8, at most 1,024).",
  "",
  ...markdownTable([
    ["mini-batches of 16 groups of 8", "rows at once", "tokens", "rows computed", "more than tokens", "singly"],
    ...rows,
  ]),
  "",
].join("\n");
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "padding.md"), page);
console.log(page);
