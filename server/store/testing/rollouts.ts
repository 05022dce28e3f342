/** Rollouts for tests: everything about them follows from where they stand, so that the same place gives the same bits. */
import type { RolloutRecord } from "../rows.ts";
import type { StepInput } from "../writer.ts";

export function rolloutAt(step: number, group: number, rollout: number): RolloutRecord {
  const number = step * 100 + group * 10 + rollout;
  const kind = number % 3;
  return {
    group,
    rollout,
    sample: `sample-${(step + group) % 4}`,
    prompt: `prompt of sample ${(step + group) % 4}`,
    completion: `<tool_call>${number}</tool_call>`,
    tokens: Int32Array.from({ length: 1 + (number % 5) }, (_, i) => number + i),
    logprobs: Float32Array.from({ length: 1 + (number % 5) }, (_, i) => -Math.sqrt(number + i)),
    entropy: Math.sin(number) ** 2,
    reward: kind === 0 ? 1 : 0,
    parts: { format: kind === 2 ? 0 : 1, result: kind === 0 ? 1 : 0 },
    reason: `reason ${number}`,
    correct: kind === 0,
    formatOk: kind !== 2,
    truncated: number % 7 === 0,
    advantage: Math.cos(number),
  };
}

export function stepAt(step: number, groups = 2, groupSize = 3): StepInput & { rollouts: RolloutRecord[] } {
  return {
    step,
    metrics: { loss: 1 / step, "rewardParts.format": step % 2 },
    timings: { milliseconds: step * 10 },
    rollouts: Array.from({ length: groups * groupSize }, (_, index) =>
      rolloutAt(step, Math.floor(index / groupSize), index % groupSize),
    ),
  };
}
