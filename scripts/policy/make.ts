/**
 * Makes the micro policy of the quickstart: random weights, a minute of looking up, then warm-up rows of all three kinds of
 * prompt (raw, few-shot, self-exemplifying). The same seed, thread count and build give the same weights.
 *
 *     node scripts/policy/make.ts [--out examples/quickstart/policy] [--steps 7500] [--threads 2]
 *
 * Stop where it solves 35–65 % of the held-out rows: scripts/policy/measure.ts says what it solves.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ChatTemplate } from "../../server/prompts/chatTemplate.ts";
import { PromptRenderer } from "../../server/prompts/promptRenderer.ts";
import { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { catalog } from "../quickstart/catalog.ts";
import { cosine, firstEngine, warmed } from "./firstEngine.ts";
import { lookups } from "./lookups.ts";
import { progressReport } from "./progressReport.ts";
import { runStage, take } from "./warmupStage.ts";
import { firstSupply } from "./warmupSupply.ts";

const SEED = 1;
const QUICKSTART = join(import.meta.dirname, "..", "..", "examples", "quickstart");

/** Optimizer steps and rows of a step. */
const LOOKUP = { steps: 600, rows: 32 };
const MIXED = { steps: 7500, rows: 16, lookups: 2 };
const RATE = 2e-3;
/** Self-exemplifying completions are ten times as long as calls: a few rows make them familiar. */
const SHARES = { raw: 0.7, fewShot: 0.27, selfExemplify: 0.03 };

const { values } = parseArgs({
  options: {
    out: { type: "string", default: join(QUICKSTART, "policy") },
    steps: { type: "string", default: String(MIXED.steps) },
    threads: { type: "string", default: "2" },
  },
});
const mixedSteps = Number(values.steps);
const policy = join(QUICKSTART, "policy");
const tokenizer = Tokenizer.load(policy);
const renderer = new PromptRenderer(tokenizer, ChatTemplate.load(policy), catalog);

await using first = await firstEngine(tokenizer, SEED, Number(values.threads));
const { engine } = first;
const spans = lookups(SEED, tokenizer);
const calls = firstSupply({ seed: SEED, shares: SHARES, renderer, tokenizer });
await runStage(engine, {
  name: "lookup",
  steps: LOOKUP.steps,
  rows: () => take(spans, LOOKUP.rows),
  learningRate: (step) => warmed(RATE, step),
  done: progressReport(engine, renderer, tokenizer, "lookup", LOOKUP.steps),
});
await runStage(engine, {
  name: "mixed",
  steps: mixedSteps,
  rows: () => [...take(calls, MIXED.rows), ...take(spans, MIXED.lookups)],
  learningRate: (step) => warmed(RATE, step) * cosine(step, mixedSteps),
  done: progressReport(engine, renderer, tokenizer, "mixed", mixedSteps),
});
await engine.exportModel(values.out, "bf16");
