/** The hard-row probe (ToolExpander §3.2): rollouts on every raw training row at the temperature of training. */
import type { Moment, ProbeEvent } from "../../../schemas/protocol.ts";
import type { Run } from "../context.ts";
import { seedFor } from "../draw.ts";
import { attemptRows, isSolved } from "./attempts.ts";
import type { RowBook } from "./rowBook.ts";
import { isHard } from "./rowStates.ts";

/** What a probe found, not yet taken over: what breaks it off leaves the run as it was. */
export interface Probed {
  book: RowBook;
  event: ProbeEvent;
}

/**
 * Probes the training rows and records the outcome, hard rows as they are found. Its random streams are its own: training
 * draws the same with and without it.
 */
export async function probe(run: Run, moment: Moment): Promise<Probed> {
  const { settings, seed } = run.experiment;
  const { curriculum, step } = run.progress;
  const n = settings.probe.rollouts;
  const fast = settings.probe.mode === "fast" || (settings.probe.mode === "fast-between" && moment === "between");
  const before = curriculum.book;
  const book = before.copy();
  const all = curriculum.probedRows();
  const rows = fast ? all.filter(({ index }) => !before.solvedSinceProbe(index)) : all;
  run.recorder.activity("probing", moment);
  let [drawn, asked] = [0, 0];
  let hard = 0;
  const keys = { seed: seedFor(seed, `probe ${moment}`), step };
  const progress = (done: number): void => run.recorder.progress(done, rows.length);
  for await (const results of attemptRows(run, rows, { n, stopAtFirst: fast, keys, progress })) {
    run.recorder.rollouts("probe", step, results);
    for (const result of results) book.happen(result.row.index, isSolved(result) ? "solved" : "unsolved");
    drawn += results.reduce((sum, { rollouts }) => sum + rollouts.length, 0);
    asked += results.length;
    // A retired row may stay retired, and one that is excluded while it is hard is nobody's to train.
    const found = results
      .map(({ row }) => row)
      .filter(({ index }) => isHard(book.stateOf(index)) && book.handOf(index) !== "excluded");
    hard += found.length;
    if (found.length > 0) {
      const samples = found.map(({ sample }) => sample.id);
      run.recorder.hard({ step, moment, samples, hard, probed: asked, rows: rows.length });
    }
  }
  // A pause at a hard row of the last call comes before anything is made of what was found.
  await run.control.gate();
  book.probeOver();
  const event: ProbeEvent = {
    step,
    moment,
    rows: all.length,
    hard: book.hard ?? 0,
    rollouts: n,
    mode: fast ? "fast" : "full",
    skipped: all.length - rows.length,
    drawn,
    saved: all.length * n - drawn,
  };
  const states = all.flatMap(({ index, sample }) => {
    const state = book.stateOf(index);
    return state === before.stateOf(index) ? [] : [{ sample: sample.id, state }];
  });
  run.recorder.probe(event, states);
  return { book, event };
}
