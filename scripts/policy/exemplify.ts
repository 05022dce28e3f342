/**
 * Goes on with the micro policy where scripts/policy/make.ts ended: more rows whose completions show examples first, until it
 * answers such prompts too. Among its own examples it has to tell a value of the request from one it has just made up, which
 * 3 % of the warm-up's rows had not taught it. The same policy, seed, thread count and build give the same weights.
 *
 *     node scripts/policy/exemplify.ts --model FOLDER [--out examples/quickstart/policy] [--steps 2000] [--threads 2]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ChatTemplate } from "../../server/prompts/chatTemplate.ts";
import { PromptRenderer } from "../../server/prompts/promptRenderer.ts";
import { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { createOnnxEngine } from "../../server/training/engine/onnx/engine.ts";
import { catalog } from "../quickstart/catalog.ts";
import { cosine, WARMUP, warmed } from "./firstEngine.ts";
import { progressReport } from "./progressReport.ts";
import { runStage, take } from "./warmupStage.ts";
import { warmupSupply } from "./warmupSupply.ts";

/** Another seed than the warm-up's: rows it has not seen. */
const SEED = 2;
const QUICKSTART = join(import.meta.dirname, "..", "..", "examples", "quickstart");
const STEPS = 2000;
const ROWS = 16;
const RATE = 1e-3;
const SHARES = { raw: 0.4, fewShot: 0.2, selfExemplify: 0.4 };

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    out: { type: "string", default: join(QUICKSTART, "policy") },
    steps: { type: "string", default: String(STEPS) },
    threads: { type: "string", default: "2" },
  },
});
if (values.model === undefined) throw new Error("--model FOLDER: the policy that scripts/policy/make.ts has made");
const steps = Number(values.steps);
const policy = join(QUICKSTART, "policy");
const tokenizer = Tokenizer.load(policy);
const renderer = new PromptRenderer(tokenizer, ChatTemplate.load(policy), catalog);
const engine = await createOnnxEngine({
  model: values.model,
  device: "cpu",
  threads: Number(values.threads),
  ...WARMUP,
});
const rows = warmupSupply({ seed: SEED, shares: SHARES, renderer, tokenizer });
await runStage(engine, {
  name: "exemplify",
  steps,
  rows: () => take(rows, ROWS),
  learningRate: (step) => warmed(RATE, step) * cosine(step, steps),
  done: progressReport(engine, renderer, tokenizer, "exemplify", steps),
});
await engine.exportModel(values.out, "bf16");
await engine.dispose();
