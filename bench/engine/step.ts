/**
 * A whole GRPO step – sampling, rewards, update – beside TRL's GRPOTrainer: time, and memory at its highest.
 *
 * Both have the same policy in float32, the same prompts (the peer tokenizes the same texts and its counts are held against ours), the
 * same G, the same number of tokens in every completion (ours: a policy that cannot end; TRL's: min_new_tokens), one pass over the batch
 * in one piece with one step of AdamW, gradient checkpointing in both or in neither, no KL term and no reference model, no vLLM, the same
 * threads and the same reward of the text. What each has beyond that stays: ours stores every rollout, TRL computes entropies in the update.
 * A step is the time from the end of one to the end of the next, so nothing of either is left out; neither writes a checkpoint in between.
 */
import type { Rendered } from "../../server/prompts/promptRenderer.ts";
import { loadDataset } from "../../server/training/dataset.ts";
import { peerWithMemory, python } from "../processes.ts";
import { TreeMemory } from "../processMemory.ts";
import { startRun } from "../quickstartRun.ts";
import type { Row } from "../report.ts";
import { median } from "../statistics.ts";
import { type Bench, bar, repeated } from "./bench.ts";
import type { StepWork } from "./plan.ts";
import { CLIP, OPTIMIZER, type StepWorkspace, stepWorkspace, TEMPERATURE } from "./stepWorkspace.ts";

interface MeasuredSteps {
  /** Milliseconds of each timed step. */
  times: number[];
  megabytes: number;
}

/** What the peer tells beside its times: whether it did the same work. */
interface PeerSteps {
  runs: number[];
  promptTokens: number[];
  completionTokens: number;
}

export async function step(work: StepWork, all: Bench): Promise<Row[]> {
  const bench = repeated(all, work);
  const ours: MeasuredSteps[] = [];
  const theirs: MeasuredSteps[] = [];
  let promptTokens: readonly number[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const workspace = stepWorkspace(work, bench);
    try {
      const { train } = await loadDataset(workspace.experiment);
      promptTokens = train.map(({ prompt }) => prompt.tokens.length);
      ours.push(await ourSteps(workspace, work));
      if (python !== undefined)
        theirs.push(
          await peerSteps(
            workspace,
            train.map(({ prompt }) => prompt),
            work,
            bench,
          ),
        );
    } finally {
      workspace.remove();
    }
  }
  return rows(work, bench, promptTokens, ours, theirs);
}

async function ourSteps({ experiment }: StepWorkspace, { runs, warmup }: StepWork): Promise<MeasuredSteps> {
  const { client } = await startRun(experiment);
  /** When each step ended; the first may have before anybody listened. */
  const ends = new Map<number, number>();
  let unlearnt = 0;
  let message: string | undefined;
  client.on("step", ({ step, metrics }) => {
    ends.set(step, performance.now());
    unlearnt += metrics.zeroVarianceGroups ?? 0;
  });
  client.on("state", (state) => {
    message = state.message;
  });
  try {
    const { pid } = await client.attach();
    const memory = new TreeMemory(pid);
    await client.closed;
    const megabytes = memory.end();
    if (unlearnt > 0) throw new Error("A group had equal rewards and was left out of the update");
    const times = Array.from({ length: runs }, (_, index) => {
      const [start, end] = [ends.get(warmup + index), ends.get(warmup + index + 1)];
      if (start === undefined || end === undefined)
        throw new Error(`The run told of ${ends.size} steps only: ${message ?? "no reason"}`);
      return end - start;
    });
    return { times, megabytes };
  } finally {
    client.close();
  }
}

async function peerSteps(
  { model }: StepWorkspace,
  prompts: readonly Rendered[],
  { newTokens, completions, runs, warmup, policy, checkpointing = false }: StepWork,
  bench: Bench,
): Promise<MeasuredSteps> {
  const { result, megabytes } = await peerWithMemory<PeerSteps>("trl_step.py", {
    model,
    prompts: prompts.map(({ text }) => text),
    completions,
    newTokens,
    steps: runs,
    warmup,
    adapter: policy?.adapter ?? null,
    checkpointing,
    temperature: TEMPERATURE,
    clip: CLIP,
    optimizer: OPTIMIZER,
    threads: bench.threads,
    device: bench.peerDevice,
  });
  const promptTokens = prompts.map(({ tokens }) => tokens.length);
  if (result.promptTokens.join() !== promptTokens.join() || result.completionTokens !== newTokens)
    throw new Error(
      `TRL had other tokens: ${result.promptTokens} and ${result.completionTokens}, ours ${promptTokens} and ${newTokens}`,
    );
  return { times: result.runs, megabytes };
}

function rows(
  work: StepWork,
  bench: Bench,
  promptTokens: readonly number[],
  ours: MeasuredSteps[],
  theirs: MeasuredSteps[],
): Row[] {
  const { name, completions, newTokens, checkpointing = false } = work;
  const prompts =
    promptTokens.length === 1 ? `1 prompt of ${promptTokens[0]} tokens` : `${promptTokens.length} prompts`;
  const what = `GRPO step of ${name}, ${prompts} × ${completions} completions of ${newTokens} tokens${checkpointing ? ", with gradient checkpointing" : ""}`;
  const time = (all: MeasuredSteps[]) => median(all.flatMap(({ times }) => times));
  const memory = (all: MeasuredSteps[]) => Math.max(...all.map(({ megabytes }) => megabytes));
  const measured = theirs.length > 0;
  return [
    {
      what: `${what}: time`,
      ours: `${time(ours).toFixed(0)} ms`,
      peer: measured ? `${time(theirs).toFixed(0)} ms (TRL's GRPOTrainer)` : "not measured",
      ratio: measured ? `${(time(theirs) / time(ours)).toFixed(2)}×` : "",
      bar: bar(work.bar, bench),
      data: { ...work, promptTokens, ours, theirs },
    },
    {
      what: `${what}: memory of all processes at their highest`,
      ours: `${memory(ours)} MB`,
      peer: measured ? `${memory(theirs)} MB (TRL's GRPOTrainer)` : "not measured",
      ratio: measured ? `${(memory(theirs) / memory(ours)).toFixed(2)}×` : "",
      bar: bar("> 1×", bench),
      data: { ours: memory(ours), theirs: measured ? memory(theirs) : null },
    },
  ];
}
