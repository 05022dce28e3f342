/** Updates: against the machine's own matrix rate, and against PyTorch eager on the same model and batch. */
import { type Shape, sequenceTokens, sharedPromptOperations, updateOperations } from "./operations.ts";
import { peer, python, worker } from "./processes.ts";
import type { Row } from "./report.ts";
import { median } from "./statistics.ts";

const MODEL = { hidden: 512, layers: 8, heads: 8, kvHeads: 8, intermediate: 2048, vocab: 4096 };

/** Both hold 2,048 tokens as PyTorch sees them: eight sequences of 128 + 128. */
const SHAPES: Record<string, Shape> = {
  "8 prompts × 1 completion": { ...MODEL, prompts: 8, completions: 1, promptLength: 128, completionLength: 128 },
  "2 prompts × 4 completions": { ...MODEL, prompts: 2, completions: 4, promptLength: 128, completionLength: 128 },
};

interface Timed {
  times: number[];
  operations: number;
}

export async function update(rounds: number, threads: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, shape] of Object.entries(SHAPES)) rows.push(...(await measure(name, shape, rounds, threads)));
  return rows;
}

async function measure(name: string, shape: Shape, rounds: number, threads: number): Promise<Row[]> {
  const rates: number[] = [];
  const ours: number[] = [];
  const torch: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = await matrixRate(threads);
    ours.push(...(await worker<Timed>("update.ts", { shape, threads, warmup: 3, runs: 5 })).times);
    rates.push(before, await matrixRate(threads));
    if (python !== undefined) torch.push(...(await torchUpdate(shape, threads)));
  }
  const operations = sharedPromptOperations(shape);
  const rate = median(rates);
  const achieved = operations / median(ours) / 1e6;
  const model = `update, hidden ${shape.hidden} × ${shape.layers} layers, ${sequenceTokens(shape)} tokens, ${name}`;
  const rows: Row[] = [
    {
      what: `${model}: share of the matrix rate`,
      ours: `${achieved.toFixed(0)} GFLOP/s`,
      peer: `${rate.toFixed(0)} GFLOP/s (our runtime's MatMul, 2048³)`,
      ratio: `${((100 * achieved) / rate).toFixed(0)} %`,
      bar: "≥ 70 %",
      data: { shape, operations, operationsWithoutSharing: updateOperations(shape), times: ours, matrixRates: rates },
    },
  ];
  if (torch.length > 0) {
    rows.push({
      what: `${model}: time`,
      ours: `${median(ours).toFixed(0)} ms`,
      peer: `${median(torch).toFixed(0)} ms (PyTorch eager)`,
      ratio: `${(median(torch) / median(ours)).toFixed(2)}×`,
      bar: "≥ 1.0×",
      data: { ours, torch },
    });
  }
  return rows;
}

async function matrixRate(threads: number): Promise<number> {
  const { times, operations } = await worker<Timed>("matmul.ts", { size: 2048, threads, runs: 9 });
  return operations / median(times) / 1e6;
}

async function torchUpdate(shape: Shape, threads: number): Promise<number[]> {
  const { prompts, completions, ...rest } = shape;
  const settings = { ...rest, batch: prompts * completions, threads, warmup: 3, runs: 5, maxGradNorm: 1 };
  return (await peer<{ runs: number[] }>("torch_update.py", settings)).runs;
}
