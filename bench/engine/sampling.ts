/** Sampling, beside transformers' generate: from the micro policy, or from a random one where the plan has its shape. */
import { rmSync } from "node:fs";
import { peer, python, worker } from "../processes.ts";
import type { Row } from "../report.ts";
import { median } from "../statistics.ts";
import type { Traffic } from "../workers/traffic.ts";
import { type Bench, bar, type Timed } from "./bench.ts";
import { endlessModel } from "./endlessModel.ts";
import type { SamplingWork } from "./plan.ts";
import { MICRO_POLICY } from "./quickstart.ts";
import { randomModel } from "./randomModel.ts";
import { trafficRow } from "./trafficRow.ts";

interface MeasuredSampling extends Timed {
  /** Of all runs. */
  traffic?: Traffic;
}

export async function sampling(bench: Bench): Promise<Row[]> {
  const { sampling: work, sampledNetwork } = bench.plan;
  const random = sampledNetwork && randomModel(sampledNetwork, work.promptLength + work.newTokens);
  const model = endlessModel(random ?? MICRO_POLICY);
  try {
    return await measure(
      bench,
      { original: random ?? MICRO_POLICY, endless: model },
      sampledNetwork ? `a policy of hidden ${sampledNetwork.hidden}` : "the micro policy",
    );
  } finally {
    for (const dir of [random, model]) if (dir !== undefined) rmSync(dir, { recursive: true });
  }
}

/** @param models the policy as it is, for the peer, and without an end, for ours */
async function measure(bench: Bench, models: { original: string; endless: string }, policy: string): Promise<Row[]> {
  const { rounds, threads, peerDevice, plan } = bench;
  const work = plan.sampling;
  const ours: number[] = [];
  const theirs: number[] = [];
  let traffic: Traffic | undefined;
  for (let round = 0; round < rounds; round++) {
    const measured = await engineSampling(models.endless, work, bench);
    ours.push(...measured.times);
    traffic = measured.traffic;
    if (python === undefined) continue;
    const settings = {
      ...work,
      model: models.original,
      device: peerDevice,
      threads,
      warmup: 1,
      runs: Math.min(3, plan.runs),
    };
    theirs.push(...(await peer<{ runs: number[] }>("hf_generate.py", settings)).runs);
  }
  const tokens = work.prompts * work.completions * work.newTokens;
  const rate = (times: number[]) => (1000 * tokens) / median(times);
  const measured = theirs.length > 0;
  const what = `sampling from ${policy}, ${work.prompts} prompts × ${work.completions} completions, ${work.promptLength} + ${work.newTokens} tokens`;
  const row: Row = {
    what,
    ours: `${rate(ours).toFixed(0)} tokens/s`,
    peer: measured ? `${rate(theirs).toFixed(0)} tokens/s (transformers generate)` : "not measured",
    ratio: measured ? `${(rate(ours) / rate(theirs)).toFixed(2)}×` : "",
    bar: bar("≥ 3×", bench),
    data: { ...work, policy, ours, theirs },
  };
  return traffic ? [row, trafficRow(what, traffic, tokens * plan.runs)] : [row];
}

/** @param model that ends no completion */
export function engineSampling(model: string, work: SamplingWork, bench: Bench): Promise<MeasuredSampling> {
  const { device, threads, plan } = bench;
  return worker<MeasuredSampling>("sample.ts", {
    model,
    ...work,
    device,
    threads,
    warmup: Math.min(2, plan.warmup),
    runs: plan.runs,
  });
}
