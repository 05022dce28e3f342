/**
 * What the micro policy solves before any reinforcement learning: held-out rows decoded greedily, hard training rows (none
 * of 10 rollouts right), and how often those are solved when drawn again, without and with few-shot demonstrations.
 *
 *     node scripts/policy/measure.ts [--model examples/quickstart/policy] [--out bench/results]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Demonstration, Sample } from "../../schemas/samples.ts";
import { ChatTemplate } from "../../server/prompts/chatTemplate.ts";
import { PromptRenderer } from "../../server/prompts/promptRenderer.ts";
import { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { sameCalls } from "../../server/toolcalls/compare.ts";
import { rewardNamed } from "../../server/toolcalls/rewards/rewardNamed.ts";
import { loadDemonstrations, loadSamples } from "../../server/toolcalls/samples.ts";
import { createOnnxEngine } from "../../server/training/engine/onnx/engine.ts";
import { describeMachine } from "../machine.ts";
import { catalog } from "../quickstart/catalog.ts";
import { greedyAccuracy } from "./greedyAccuracy.ts";

const QUICKSTART = join(import.meta.dirname, "..", "..", "examples", "quickstart");
const ROLLOUTS = 10;
/** ToolExpander's sampling temperature (table 10). */
const TEMPERATURE = 0.7;
const LENGTH = 128;

const { values } = parseArgs({
  options: {
    model: { type: "string", default: join(QUICKSTART, "policy") },
    out: { type: "string", default: join(import.meta.dirname, "..", "..", "bench", "results") },
  },
});
const tokenizer = Tokenizer.load(values.model);
const renderer = new PromptRenderer(tokenizer, ChatTemplate.load(values.model), catalog);
const reward = rewardNamed("toolexpander");
const train = loadSamples(join(QUICKSTART, "train.samples.jsonl"), catalog);
const heldOutFile = join(QUICKSTART, "heldout.samples.jsonl");
const heldOut = loadSamples(heldOutFile, catalog);
const pool = loadDemonstrations(join(QUICKSTART, "quickstart.demos.jsonl"), catalog);
const engine = await createOnnxEngine({
  model: values.model,
  device: "cpu",
  threads: describeMachine().cores,
  microBatchTokens: 2048,
  optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1 },
});

const greedy = await correctRollouts(heldOut, undefined, 1, 0, 0);
const probe = await correctRollouts(train, undefined, ROLLOUTS, TEMPERATURE, 1);
const hard = train.filter((_, index) => probe[index] === 0);
const again = await correctRollouts(hard, undefined, ROLLOUTS, TEMPERATURE, 2);
const shown = await correctRollouts(hard, demonstrationsFor, ROLLOUTS, TEMPERATURE, 2);
const exemplifying = await greedyAccuracy(
  engine,
  renderer,
  tokenizer,
  heldOutFile,
  catalog,
  heldOut.length,
  "self-exemplify",
);
await engine.dispose();

const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
const solved = (counts: number[]) => counts.filter((count) => count > 0).length;
const rollouts = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);
const categories = [...new Set(heldOut.map(({ category }) => category ?? "other"))].sort();
const rows: [string, string][] = [
  ["parameters", String(engine.info.parameters)],
  [`held-out rows solved, greedy (${heldOut.length} rows)`, share(rollouts(greedy), heldOut.length)],
  ...categories.map((category): [string, string] => {
    const members = heldOut.flatMap((sample, index) => (sample.category === category ? [greedy[index] as number] : []));
    return [`  of category ${category} (${members.length})`, share(rollouts(members), members.length)];
  }),
  ["held-out rows solved with examples of its own first, greedy", `${(100 * exemplifying).toFixed(1)} %`],
  [
    `hard training rows (${train.length} rows, no correct one of ${ROLLOUTS} rollouts)`,
    `${hard.length} = ${share(hard.length, train.length)}`,
  ],
  [
    `of these, drawn again raw: solved in ${ROLLOUTS} rollouts`,
    `${solved(again)} = ${share(solved(again), hard.length)}`,
  ],
  [
    `of these, drawn again with few-shots: solved in ${ROLLOUTS} rollouts`,
    `${solved(shown)} = ${share(solved(shown), hard.length)}`,
  ],
  ["  correct rollouts, raw", share(rollouts(again), hard.length * ROLLOUTS)],
  ["  correct rollouts, with few-shots", share(rollouts(shown), hard.length * ROLLOUTS)],
];
const table = [
  "# The micro policy before reinforcement learning",
  "",
  `Temperature ${TEMPERATURE} for rollouts. Made by \`node scripts/policy/measure.ts\`.`,
  "",
  "| | |",
  "|---|---|",
  ...rows.map(([name, value]) => `| ${name} | ${value} |`),
  "",
].join("\n");
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "micro-policy.md"), table);
console.log(table);

/** Number of correct rollouts of each row. */
async function correctRollouts(
  samples: readonly Sample[],
  demonstrations: ((sample: Sample) => Demonstration[]) | undefined,
  n: number,
  temperature: number,
  seed: number,
): Promise<number[]> {
  const counts = samples.map(() => 0);
  const prompts = samples.map((sample, index) => ({
    tokens: renderer.prompt(sample, demonstrations?.(sample)).tokens,
    key: { seed, step: 0, sample: index },
  }));
  for await (const { prompt, tokens } of engine.generate(prompts, n, { temperature, maxNewTokens: LENGTH })) {
    counts[prompt] = (counts[prompt] as number) + reward(tokenizer.decode(tokens), samples[prompt] as Sample).reward;
  }
  return counts;
}

/** For each tool of the answer the first demonstration that calls it; the row's own answer is never shown (ToolExpander §3.1). */
function demonstrationsFor(sample: Sample): Demonstration[] {
  const tools = [...new Set(sample.answer.map(({ name }) => name))];
  const chosen = tools.flatMap((tool) => {
    const found = pool.find(
      ({ answer }) => answer.some(({ name }) => name === tool) && !sameCalls(sample.answer, answer),
    );
    return found === undefined ? [] : [found];
  });
  return [...new Set(chosen)];
}
