import assert from "node:assert/strict";
import test from "node:test";
import type { Snapshot } from "../../schemas/protocol.ts";
import type { RunEvent } from "../training/client/runView.ts";
import { lineOf, RunLines } from "./view.ts";

const snapshot: Snapshot = {
  state: "running",
  activity: "sampling",
  step: 4,
  steps: 20,
  folder: "runs/x",
  name: "x",
  preset: "dmhs-replace",
  device: "cpu",
  threads: 1,
  pid: 1,
  enginePid: 2,
  startedAt: "",
  secondsLeft: null,
  latest: null,
  evaluations: {},
  probes: {},
  hardRows: null,
  pauseOnHard: false,
  pausedOn: null,
  round: null,
  hardByRound: [],
};

const round = (number: number, hard: number): RunEvent => ({
  event: "round",
  round: number,
  step: 10 * (number - 1),
  steps: 10,
  hard,
  fewShots: 30,
  noCandidates: 2,
  unverified: 0,
  added: 0,
  easy: 100,
  retired: 5,
  newlyHard: 1,
  hardAgain: 3,
  edited: 0,
  excluded: 0,
  attempts: 50,
  rollouts: 400,
});

function said(event: RunEvent, view = new RunLines(structuredClone(snapshot))): string | undefined {
  view.take(event);
  return lineOf(event, view);
}

test("a round says what became of the hard rows, and the display keeps the counts of all rounds", () => {
  const view = new RunLines(structuredClone(snapshot));
  assert.equal(
    said(round(1, 40), view),
    "round 1, steps 1 to 10: 30 of 40 hard rows with few-shots, 2 without candidates, 3 hard again, 400 rollouts to verify 50 choices",
  );
  said(round(2, 25), view);
  assert.match(view.lines().join(" "), /round 2 · hard rows 25 · by round 40 25/);
  said(round(2, 26), view);
  assert.match(view.lines().join(" "), /by round 40 26/, "a replay tells of a round again");
});

test("a probe says what kind it was, and what a fast one saved", () => {
  const probe = { step: 10, rows: 640, hard: 100, rollouts: 10, skipped: 0, drawn: 6400, saved: 0 };
  assert.equal(
    said({ event: "probe", moment: "before", mode: "full", ...probe }),
    "hard rows before training: 100 of 640 (none of 10 rollouts right)",
  );
  assert.equal(
    said({ event: "probe", moment: "between", mode: "fast", ...probe, skipped: 40, drawn: 1900, saved: 4500 }),
    "hard rows after step 10: 100 of 640 (fast probe: 1900 rollouts drawn, 4500 saved, 40 rows skipped)",
  );
});

test("an edit says whether it is in force, and why not", () => {
  const edit = { event: "edit", file: "a.replacement.json", sample: "s", step: 5, reason: null } as const;
  assert.equal(
    said({ ...edit, action: "fewshot" }),
    "edit a.replacement.json in force (fewshot) from step 5 on for sample s",
  );
  assert.equal(
    said({ ...edit, action: "automatic" }),
    "edit a.replacement.json taken back from step 5 on for sample s",
  );
  assert.equal(
    said({ ...edit, sample: null, action: "refused", reason: "it is no JSON" }),
    "edit a.replacement.json refused: it is no JSON",
  );
});
