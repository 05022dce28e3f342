/** A run of many steps with the numbers that training records, and next to no rollouts. */
import { type MadeRun, makeRun, stepOf } from "../../extension/rollouts/testing/madeRun.ts";

/** As the curves' list names them; a function of the step. */
const metricsAt = (step: number) => {
  const learnt = 1 - Math.exp(-step / 800);
  const noise = (stream: number): number => Math.sin(step * 12.9898 + stream * 78.233) ** 3;
  return {
    loss: 0.01 * noise(1),
    accuracy: 0.3 + 0.5 * learnt + 0.08 * noise(2),
    rewardMean: 0.2 + 0.7 * learnt + 0.1 * noise(3),
    "rewardParts.format": 0.6 + 0.4 * learnt,
    "rewardParts.result": 0.1 + 0.6 * learnt + 0.1 * noise(4),
    zeroVarianceGroups: 0.3 + 0.3 * learnt,
    allRightGroups: 0.1 + 0.4 * learnt,
    allWrongGroups: 0.2 - 0.1 * learnt,
    clippedLow: 0.002 + 0.001 * noise(5),
    clippedHigh: 0.004 + 0.002 * noise(6),
    samplerKl: 3e-5 + 2e-5 * noise(7),
    entropy: 0.9 * Math.exp(-step / 900) + 0.05,
    tokensMean: 44 + 6 * noise(8),
    tokensMax: 80,
    truncated: 0.1 * (1 - learnt),
    gradNorm: 0.4 + 0.2 * noise(9),
    learningRate: 3e-4 * Math.min(1, step / 10),
    hardRows: Math.round(14 - 9 * learnt),
  };
};

/** The caller disposes it. */
export function makeLongRun(steps: number): MadeRun {
  const run = makeRun();
  for (let step = 1; step <= steps; step++) {
    const timings = { samplingTokensPerSecond: 5200, updateTokensPerSecond: 2100 };
    run.writer.recordStep({ ...stepOf(step, 1, 2, 40), metrics: metricsAt(step), timings });
  }
  run.close();
  return run;
}
