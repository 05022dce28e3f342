/** A course of updates on the golden mini-batch, and what is sampled after it: compared bit for bit between engines. */
import type { Objective } from "../../../objectives/objective.ts";
import type { Completion, LearningGroup, PolicyEngine, UpdateMetrics } from "../../policyEngine.ts";
import { goldenMiniBatch, readGolden } from "./golden.ts";

export const groups = goldenMiniBatch(readGolden("untied"));
export const objective: Objective = { kind: "grpo", clipLow: 0.2, clipHigh: 0.28, beta: 0.01, kl: "k3", entropy: 0.01 };

/** Step t learns from another part of the groups, so that the order of the steps matters. */
export async function train(engine: PolicyEngine, from: number, to: number): Promise<UpdateMetrics[]> {
  const metrics: UpdateMetrics[] = [];
  for (let step = from; step < to; step++) {
    const part = groups.filter((_, index) => index % 2 === step % 2) as LearningGroup[];
    const request = { groups: part, objective, temperature: 0.7, learningRate: 1e-2 / (1 + step) };
    metrics.push({ ...(await engine.update(request)), milliseconds: 0 });
  }
  return metrics;
}

/** By prompt and rollout: which one ends first is a matter of threads. */
export async function sample(engine: PolicyEngine): Promise<Completion[]> {
  const prompts = groups.map(({ prompt }, index) => ({ tokens: prompt, key: { seed: 9, step: 6, sample: index } }));
  const completions: Completion[] = [];
  for await (const completion of engine.generate(prompts, 4, { temperature: 0.7, maxNewTokens: 12 })) {
    completions.push(completion);
  }
  return completions.sort((a, b) => a.prompt - b.prompt || a.rollout - b.rollout);
}
