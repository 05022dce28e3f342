/** What the record of a run says it came to: each number that a later reader compares runs by. */
import type { Snapshot } from "../../../schemas/protocol.ts";
import { hardOscillation } from "../stability.ts";

export function resultsOf({ evaluations, probes, step, hardByRound, latest }: Snapshot): Record<string, number> {
  const results: Record<string, number> = { steps: step };
  const after = evaluations.latest?.moment === "after" ? evaluations.latest : undefined;
  for (const [when, event] of [
    ["Before", evaluations.before],
    ["After", after],
  ] as const) {
    if (event === undefined) continue;
    results[`accuracy${when}`] = event.accuracy.value;
    if (event.choices === undefined) continue;
    results[`entropyBits${when}`] = event.choices.entropyBits;
    results[`entropyBitsPerQuestion${when}`] = event.choices.entropyBitsPerQuestion;
  }
  if (probes.before) results.hardBefore = probes.before.hard;
  if (probes.after) results.hardAfter = probes.after.hard;
  const oscillation = hardOscillation(hardByRound);
  if (oscillation !== null) results.hardOscillation = oscillation;
  for (const name of ["windowVariance", "largestDrop", "stepsToTarget"] as const) {
    const value = latest?.metrics[name] ?? null;
    if (value !== null) results[name] = value;
  }
  return results;
}
