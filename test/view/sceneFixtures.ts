/** What the scenes are made of: runs as training writes them, one of them hostile in everything that a model or a file says. */
import { renameSync, rmSync } from "node:fs";
import { type MadeEpisodes, makeEpisodes, playAt } from "../../extension/episodes/testing/madeEpisodes.ts";
import { trajectories, trajectoryAt, turnOf } from "../../extension/episodes/testing/madeTrajectories.ts";
import { HARD, madeRun, quickstartCopy } from "../../extension/replacements/testing/quickstartRun.ts";
import { ReplacementService } from "../../extension/replacements/worker/replacementService.ts";
import { evaluated } from "../../extension/rollouts/testing/evaluated.ts";
import { groupAt, type MadeRun, makeRun, stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { ofEpisodes, played } from "../../extension/rollouts/testing/playedEpisodes.ts";
import { readRunRecord, updateRunRecord } from "../../server/store/runFolder.ts";
import { RunWriter } from "../../server/store/writer.ts";
import { HOSTILE_LINE, HOSTILE_MEGABYTE, HOSTILE_NAME } from "./hostileText.ts";

export interface Fixtures extends Disposable {
  run: MadeRun;
  other: MadeRun;
  empty: MadeRun;
  hostile: MadeRun;
  /** Its policy has played episodes, three times: what it chose, and what it has learnt. */
  choices: MadeRun;
  /** Its folder is not there. */
  gone: MadeRun;
  replacement: { file: string; text: string };
  /** A run of episodes with lessons and evaluations, and one that is hostile. */
  episodes: MadeEpisodes;
  hostileEpisodes: MadeEpisodes;
  /** Folder of a run of the quickstart, whose tokens can be told. */
  quickstart: string;
}

const METRICS = { rewardMean: 0.5, accuracy: 0.5, "rewardParts.format": 0.7, clippedLow: 0.01, clippedHigh: 0.02 };

export function makeFixtures(): Fixtures {
  const [run, other, empty, hostile, gone] = [makeRun(), makeRun(), makeRun(), makeRun(), makeRun()];
  const choices = playedRun();
  for (const [one, n] of [
    [run, 2],
    [other, 3],
  ] as const) {
    for (let step = 1; step <= 12; step++) one.writer.recordStep({ ...stepOf(step, 4, 8, 40), metrics: METRICS });
    evaluated(one, { step: 11, rows: 60, solves: (row) => row % n === 0 });
  }
  fillHostile(hostile);
  gone.close();
  renameSync(gone.folder, awayOf(gone));
  const workspace = quickstartCopy();
  const quickstart = madeRun(workspace.folder);
  const replacement = new ReplacementService().draft(quickstart, HARD);
  tellTokens(quickstart);
  const episodes = makeEpisodes({ lines: trajectories(40) });
  fillEpisodes(episodes);
  const hostileEpisodes = makeEpisodes({ lines: [hostileTrajectory()] });
  return {
    run,
    other,
    empty,
    hostile,
    choices,
    gone,
    replacement,
    quickstart,
    episodes,
    hostileEpisodes,
    [Symbol.dispose]: () => {
      rmSync(awayOf(gone), { recursive: true, force: true });
      for (const made of [run, other, empty, hostile, choices, gone, workspace, episodes, hostileEpisodes])
        made[Symbol.dispose]();
    },
  };
}

const awayOf = ({ folder }: MadeRun): string => `${folder}-away`;

function playedRun(): MadeRun {
  const run = makeRun();
  ofEpisodes(run);
  for (let step = 1; step <= 12; step++) {
    const metrics = { valueLoss: 1 / step, explainedVariance: 1 - 1 / step, valueClipped: 0.1, epochs: step / 6 };
    run.writer.recordStep({ step, metrics, timings: {}, rollouts: [] });
  }
  for (const step of [0, 6, 12]) {
    const tools = { calculator: 60 - step, ledger: 2 * step, search: 30, calendar: step };
    played(run, { step, right: 0.4 + 0.02 * step, tools, reasoning: 80, categories: ["dates", "sums"] });
  }
  return run;
}

function fillHostile(run: MadeRun): void {
  const rollouts = groupAt(1, 0, 4, 40).map((rollout, index) => ({
    ...rollout,
    sample: HOSTILE_NAME,
    prompt: HOSTILE_MEGABYTE,
    completion:
      index === 0
        ? HOSTILE_MEGABYTE
        : `<tool_call>${JSON.stringify({ name: HOSTILE_NAME, arguments: { [HOSTILE_NAME]: HOSTILE_LINE } })}</tool_call>`,
    reason: HOSTILE_LINE,
    parts: { [HOSTILE_NAME]: 1 },
  }));
  const step = stepOf(1, 1, 4, 40);
  run.writer.recordStep({ ...step, rollouts, metrics: { ...METRICS, [`rewardParts.${HOSTILE_NAME}`]: 1 } });
  // Before training, so that the group of the step is the newest.
  evaluated(run, { step: 0, rows: 60, solves: () => false });
  played(run, {
    step: 0,
    right: 0.5,
    tools: { [HOSTILE_NAME]: 3, other: 2 },
    reasoning: 4,
    categories: [HOSTILE_NAME, "other"],
  });
  const record = readRunRecord(run.folder);
  const experiment = { ...record.experiment, name: HOSTILE_NAME, model: `/x/${HOSTILE_LINE}` };
  updateRunRecord(run.folder, { experiment, name: HOSTILE_NAME, message: HOSTILE_LINE, state: "failed" });
}

function fillEpisodes(run: MadeEpisodes): void {
  playAt(run, 0, { questions: 20 });
  for (let step = 1; step <= 4; step++) {
    const lessons = [0, 1].map((turn) => {
      const value = step / 4;
      return { question: trajectoryAt(6).question, turn, value, advantage: turn - value, target: turn };
    });
    run.writer.recordStep({ ...stepOf(step, 0, 1, 1), lessons });
  }
  playAt(run, 4, { questions: 20, right: 3 });
}

/** Everything that a policy, a judge, a tool or a question says. */
function hostileTrajectory() {
  const values = { [HOSTILE_NAME]: HOSTILE_LINE, list: [HOSTILE_NAME] };
  const { candidates, ...turn } = turnOf(1, [9, 7, 0, 3]);
  const hostile = candidates.map((candidate) => ({
    ...candidate,
    tool: HOSTILE_NAME,
    text: HOSTILE_LINE,
    action: { kind: "call" as const, name: HOSTILE_NAME, arguments: values },
  }));
  const [first, second, third, last] = hostile;
  if (!first || !second || !third || !last) throw new Error("a turn has four candidates");
  const broken = { ...second, action: { kind: "broken" as const, fault: HOSTILE_LINE } };
  const answer = { ...last, tool: null, action: { kind: "answer" as const, text: HOSTILE_LINE } };
  const said = { thought: HOSTILE_LINE, completion: HOSTILE_MEGABYTE, observation: HOSTILE_LINE };
  const end = { ...turn, ...said, chosen: 3, candidates: [first, broken, third, answer], trouble: "broken" as const };
  return {
    ...trajectoryAt(1),
    query: HOSTILE_LINE,
    category: HOSTILE_NAME,
    tools: [HOSTILE_NAME],
    accepted: [HOSTILE_LINE],
    answer: HOSTILE_MEGABYTE,
    turns: [{ ...turn, ...said, candidates: [first, broken, third, answer] }, end],
  };
}

/** A completion with tokens from likely to very unlikely. */
function tellTokens(folder: string): void {
  using writer = RunWriter.open(folder);
  const [rollout] = groupAt(9, 0, 2, 40);
  if (!rollout) throw new Error("a group has rollouts");
  const tokens = Int32Array.from({ length: 12 }, (_, index) => 300 + index);
  const told = { ...rollout, sample: HARD, tokens, logprobs: Float32Array.from(tokens, (_, index) => -index) };
  writer.recordStep({ ...stepOf(9, 1, 2, 40), rollouts: [told, { ...told, rollout: 1 }] });
}
