/** Sampling from the micro policy, beside transformers' generate. */
import { join } from "node:path";
import { peer, python, worker } from "./processes.ts";
import type { Row } from "./report.ts";
import { median } from "./statistics.ts";

const model = join(import.meta.dirname, "..", "examples", "quickstart", "policy");
const work = { model, prompts: 8, completions: 5, promptLength: 256, newTokens: 64 };

export async function sampling(rounds: number, threads: number): Promise<Row[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const tokens = work.prompts * work.completions * work.newTokens;
  for (let round = 0; round < rounds; round++) {
    ours.push(...(await worker<{ times: number[] }>("sample.ts", { ...work, threads, warmup: 2, runs: 5 })).times);
    if (python !== undefined)
      theirs.push(...(await peer<{ runs: number[] }>("hf_generate.py", { ...work, threads, runs: 3 })).runs);
  }
  const rate = (times: number[]) => (1000 * tokens) / median(times);
  const measured = theirs.length > 0;
  return [
    {
      what: "sampling from the micro policy, 8 prompts × 5 completions, 256 + 64 tokens",
      ours: `${rate(ours).toFixed(0)} tokens/s`,
      peer: measured ? `${rate(theirs).toFixed(0)} tokens/s (transformers generate)` : "not measured",
      ratio: measured ? `${(rate(ours) / rate(theirs)).toFixed(2)}×` : "",
      bar: "≥ 2.5×",
      data: { ...work, model: "examples/quickstart/policy", ours, theirs },
    },
  ];
}
