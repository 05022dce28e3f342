/** The hard-row probe (ToolExpander §3.2): rollouts on every raw training row at the temperature of training. */
import type { Moment } from "../../../schemas/protocol.ts";
import type { Run } from "../context.ts";
import { seedFor } from "../draw.ts";
import { pieces, sampleRows } from "../sampling.ts";
import { HardRows, hardAmong } from "./hardRows.ts";

/** Probes all training rows and records the outcome. Its random streams are its own: training draws the same with and without it. */
export async function probe(run: Run, moment: Moment): Promise<HardRows> {
  const { settings, seed } = run.experiment;
  const { train } = run.data;
  const n = settings.probe.rollouts;
  const sampling = { temperature: settings.sampling.temperature, maxNewTokens: settings.lengths.response };
  const keys = { seed: seedFor(seed, `probe ${moment}`), step: run.progress.step };
  const hard: string[] = [];
  run.recorder.activity("probing", moment);
  let probed = 0;
  for (const piece of pieces(train, settings.sampling.promptsPerStep)) {
    const drawn = (count: number): void => run.recorder.progress(probed * n + count, train.length * n);
    const results = await sampleRows(run, piece, { n, sampling, ...keys, drawn });
    run.recorder.rollouts("probe", keys.step, results);
    hard.push(...hardAmong(results));
    probed += piece.length;
  }
  run.recorder.probe({ step: keys.step, moment, rows: train.length, hard: hard.length, rollouts: n });
  return new HardRows(hard);
}
