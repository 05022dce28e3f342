/** Updates: against the device's own matrix rate, and against PyTorch eager on the same model and batch. */
import { peer, python, worker } from "../processes.ts";
import type { Row } from "../report.ts";
import { median } from "../statistics.ts";
import type { Traffic } from "../workers/traffic.ts";
import { type Bench, bar, matrixRate, repeated, type Timed } from "./bench.ts";
import { type Shape, sequenceTokens, sharedPromptOperations, updateOperations } from "./operations.ts";
import type { UpdateCase } from "./plan.ts";
import { trafficRow } from "./trafficRow.ts";

export interface MeasuredUpdate extends Timed {
  /** Of all runs. */
  traffic?: Traffic;
}

export async function update({ name, shape, repetition }: UpdateCase, all: Bench): Promise<Row[]> {
  const bench = repeated(all, repetition);
  const rates: number[] = [];
  const ours: number[] = [];
  const torch: number[] = [];
  let traffic: Traffic | undefined;
  for (let round = 0; round < bench.rounds; round++) {
    rates.push(await matrixRate(bench));
    const measured = await engineUpdate(shape, bench);
    ours.push(...measured.times);
    traffic = measured.traffic;
    rates.push(await matrixRate(bench));
    if (python !== undefined) torch.push(...(await torchUpdate(shape, bench)));
  }
  const operations = sharedPromptOperations(shape);
  const rate = median(rates);
  const achieved = operations / median(ours) / 1e6;
  const tokens = sequenceTokens(shape);
  const what = `update, ${name}, ${tokens} tokens`;
  const rows: Row[] = [
    {
      what: `${what}: share of the matrix rate`,
      ours: `${achieved.toPrecision(3)} GFLOP/s`,
      peer: `${rate.toPrecision(3)} GFLOP/s (our runtime's MatMul, ${bench.plan.matrixSide}³)`,
      ratio: `${((100 * achieved) / rate).toFixed(0)} %`,
      bar: bar("≥ 75 %", bench),
      data: { shape, operations, operationsWithoutSharing: updateOperations(shape), times: ours, matrixRates: rates },
    },
  ];
  const speed = (times: number[]) => `${median(times).toFixed(0)} ms, ${rateOf(tokens, times)} tokens/s`;
  rows.push({
    what: `${what}: time`,
    ours: speed(ours),
    peer: torch.length > 0 ? `${speed(torch)} (PyTorch eager)` : "not measured",
    ratio: torch.length > 0 ? `${(median(torch) / median(ours)).toFixed(2)}×` : "",
    bar: bar("≥ 1.0×", bench),
    data: { ours, torch },
  });
  if (traffic) rows.push(trafficRow(what, traffic, tokens * bench.plan.runs));
  return rows;
}

/** @param microBatchTokens token rows at once; all of them by default */
export function engineUpdate(shape: Shape, bench: Bench, microBatchTokens = 1 << 20): Promise<MeasuredUpdate> {
  const { device, threads, plan } = bench;
  const { runs, warmup } = plan;
  return worker<MeasuredUpdate>("update.ts", { shape, device, threads, microBatchTokens, warmup, runs });
}

async function torchUpdate({ prompts, completions, ...rest }: Shape, bench: Bench): Promise<number[]> {
  const { threads, peerDevice, plan } = bench;
  const { runs, warmup } = plan;
  const settings = { ...rest, batch: prompts * completions, device: peerDevice, threads, warmup, runs, maxGradNorm: 1 };
  return (await peer<{ runs: number[] }>("torch_update.py", settings)).runs;
}

const rateOf = (tokens: number, times: number[]) => ((1000 * tokens) / median(times)).toFixed(0);
