/** Says how a stage of the warm-up goes: its loss, and now and then what the policy solves without and with examples of its own. */
import { join } from "node:path";
import type { PromptRenderer } from "../../server/prompts/promptRenderer.ts";
import type { Tokenizer } from "../../server/prompts/tokenizer.ts";
import type { PolicyEngine } from "../../server/training/engine/policyEngine.ts";
import { catalog } from "../quickstart/catalog.ts";
import { greedyAccuracy } from "./greedyAccuracy.ts";

const HELD_OUT = join(import.meta.dirname, "..", "..", "examples", "quickstart", "heldout.samples.jsonl");
const ROWS = 300;

export function progressReport(
  engine: PolicyEngine,
  renderer: PromptRenderer,
  tokenizer: Tokenizer,
  stage: string,
  steps: number,
): (step: number, loss: number) => Promise<void> {
  const started = performance.now();
  let sum = 0;
  return async (step, loss) => {
    sum += loss;
    if (step % 50 !== 0) return;
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    let line = `${stage} ${step}/${steps}  loss ${(sum / 50).toFixed(3)}  ${seconds} s`;
    sum = 0;
    if (step % 200 === 0) {
      const percent = async (style: "tool-call" | "self-exemplify") =>
        (100 * (await greedyAccuracy(engine, renderer, tokenizer, HELD_OUT, catalog, ROWS, style))).toFixed(1);
      line += `  held-out (${ROWS} rows, greedy) ${await percent("tool-call")} %`;
      line += `, with examples of its own ${await percent("self-exemplify")} %`;
    }
    console.log(line);
  };
}
