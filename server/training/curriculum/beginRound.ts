/** The border between two rounds (ToolExpander §3.2): probe the raw data, give hard rows few-shots, train on what came of it. */
import type { RoundEvent } from "../../../schemas/protocol.ts";
import type { SampleState } from "../../store/writer.ts";
import type { Run } from "../context.ts";
import { type Given, giveFewShots } from "./giveFewShots.ts";
import { probe } from "./probe.ts";
import { type Round, stepsOfRound } from "./rounds.ts";
import type { RowBook } from "./rowBook.ts";
import { isHard, type RowState } from "./rowStates.ts";

/**
 * Opens the round that the next step belongs to. Nothing of the run has changed until all of it is known, so a round that
 * is broken off begins again as it would have.
 */
export async function beginRound(run: Run): Promise<void> {
  const { curriculum, step } = run.progress;
  const last = curriculum.round;
  const number = (last?.number ?? 0) + 1;
  const firstStep = step + 1;
  const firstEpoch = last ? last.firstEpoch + curriculum.shape.epochsPerRound : 0;
  if (curriculum.mode === "none") {
    curriculum.open({ number, firstStep, firstEpoch, fewShots: new Map(), added: [] });
    return;
  }
  await run.control.gate();
  // The probe before training is the first round's.
  const book = last === undefined ? curriculum.book.copy() : (await probe(run, "between")).book;
  const source = curriculum.fewShots.sourceOf(firstStep);
  const needy = curriculum.probedRows().filter(({ index }) => isNeedy(run, book, index));
  const given = await giveFewShots(run, source, needy, number);
  const states: SampleState[] = writeDown(book, given).map(({ row, state }) => {
    const attempt = given.fewShots.get(row);
    const detail = { round: number, ...(attempt === undefined ? {} : { attempt }) };
    return { sample: curriculum.row(row).sample.id, state, detail };
  });
  const round: Round = {
    number,
    firstStep,
    firstEpoch,
    fewShots: given.fewShots,
    added: curriculum.mode === "add" ? addedRows(run, book, given) : [],
  };
  const event = roundEvent(run, round, book, given);
  curriculum.adopt(book);
  curriculum.open(round);
  run.recorder.round(event, states);
  await run.saveCheckpoint();
}

/** Whether a round gives few-shots to a row. One that the researcher edits gets them too: the choice may be given back. */
function isNeedy(run: Run, book: RowBook, row: number): boolean {
  switch (run.progress.curriculum.mode) {
    case "replace":
    case "add":
      return isHard(book.stateOf(row));
    case "few-shot-only":
      return true;
    case "none":
    case "drop":
      return false;
  }
}

/** Rows that are drawn a second time with few-shots. */
function addedRows({ progress: { curriculum } }: Run, book: RowBook, { fewShots }: Given): number[] {
  const added: number[] = [];
  for (let row = 0; row < book.size; row++) {
    const replacement = curriculum.hands.of(row)?.replacement;
    const edited = replacement?.action === "fewshot" && (replacement.scope === "always" || isHard(book.stateOf(row)));
    if (fewShots.has(row) || edited) added.push(row);
  }
  return added;
}

/** What hard rows were given becomes their state; in `few-shot-only` easy rows get few-shots and stay easy. */
function writeDown(book: RowBook, { fewShots, noCandidates, unverified }: Given): { row: number; state: RowState }[] {
  const changed: { row: number; state: RowState }[] = [];
  const happen = (row: number, event: "few-shots" | "no-candidates" | "unverified"): void => {
    if (book.stateOf(row) === "hard") changed.push({ row, state: book.happen(row, event) });
  };
  for (const row of fewShots.keys()) happen(row, "few-shots");
  for (const { index } of noCandidates) happen(index, "no-candidates");
  for (const { index } of unverified) happen(index, "unverified");
  return changed.sort((a, b) => a.row - b.row);
}

function roundEvent({ progress: { curriculum, step } }: Run, round: Round, book: RowBook, given: Given): RoundEvent {
  const before = curriculum.book;
  const moved = (from: RowState): number => {
    let count = 0;
    for (let row = 0; row < book.size; row++) {
      if (before.stateOf(row) === from && isHard(book.stateOf(row))) count++;
    }
    return count;
  };
  const counts = book.counts();
  return {
    round: round.number,
    step,
    steps: stepsOfRound(round, curriculum.shape),
    hard: book.hard ?? 0,
    fewShots: given.fewShots.size,
    noCandidates: given.noCandidates.length,
    unverified: given.unverified.length,
    added: round.added.length,
    easy: counts.easy,
    retired: counts.retired,
    newlyHard: moved("easy"),
    hardAgain: moved("retired"),
    edited: counts.edited,
    excluded: counts.excluded,
    attempts: given.attempts,
    rollouts: given.rollouts,
  };
}
