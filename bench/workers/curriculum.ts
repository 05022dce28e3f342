/**
 * The bookkeeping of hard sampling on as many rows as the paper has: probes written down, few-shots chosen, items drawn,
 * rows retired, checkpoints. No policy and no prompt is made; a third of the rows is hard, and a fifth of these is solved in
 * each round.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { PRESETS } from "../../schemas/presets.ts";
import type { Sample } from "../../schemas/samples.ts";
import { RunWriter } from "../../server/store/writer.ts";
import { Curriculum } from "../../server/training/curriculum/curriculum.ts";
import { construct } from "../../server/training/curriculum/fewShots.ts";
import { stepsOfRound } from "../../server/training/curriculum/rounds.ts";
import { isHard } from "../../server/training/curriculum/rowStates.ts";
import { seedFor, words } from "../../server/training/draw.ts";
import type { Dataset, Row } from "../../server/training/rows.ts";

interface Settings {
  rows: number;
  rounds: number;
  batch: number;
  mode: "replace" | "add";
}

const { rows, rounds, batch, mode } = JSON.parse(process.argv[2] as string) as Settings;
const TOOLS = 3000;
const prompt = { text: "a prompt", tokens: new Int32Array(8) };
const draw = words(seedFor(1, "rows"));
const below = (bound: number): number => draw() % bound;

function sampleAt(index: number): Sample {
  const tools = Array.from({ length: 1 + below(4) }, () => `tool_${below(TOOLS)}`);
  const called = tools.slice(0, 1 + below(tools.length));
  const answer = called.map((name) => ({ name, arguments: { query: `value ${below(5000)}`, count: below(50) } }));
  return { id: `row-${index}`, query: `What about ${index}?`, tools, answer };
}

const train: Row[] = Array.from({ length: rows }, (_, index) => ({ index, sample: sampleAt(index), prompt }));
const data: Dataset = {
  train,
  heldOut: [],
  tools: new Map(),
  demonstrations: [],
  fewShotPrompt: () => prompt,
  lessons: { count: rows, at: () => ({ prompt: prompt.tokens, target: prompt.tokens }) },
  steps: 1,
  notes: [],
  judge: async () => [],
  judgeApart: () => Promise.reject(new Error("Nothing is tried")),
};
const { settings } = PRESETS[mode === "replace" ? "dmhs-replace" : "dmhs-add"];
setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");
/** Bytes in use, garbage left out. */
function inUse(): number {
  if (typeof collect === "function") collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
const before = inUse();
let most = before;

const folder = mkdtempSync(join(tmpdir(), "toolexpander-bench-"));
const store = RunWriter.open(folder);
/** Milliseconds: other work on the machine must not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

let storing = 0;
let looking = 0;
function stored(work: () => void): void {
  const started = processorTime();
  work();
  storing += processorTime() - started;
}

const started = processorTime();
const curriculum = new Curriculum(
  { seed: 1, settings: { ...settings, sampling: { ...settings.sampling, promptsPerStep: batch } } },
  data,
);
let [step, steps, drawn, chosen] = [0, 0, 0, 0];
const isHardRow = (row: number, round: number): boolean => row % 3 === 0 && (row / 3) % 5 >= round % 5;
for (let number = 1; number <= rounds; number++) {
  const book = curriculum.book.copy();
  for (const { index } of curriculum.probedRows()) book.happen(index, isHardRow(index, number) ? "unsolved" : "solved");
  book.probeOver();
  const source = curriculum.fewShots.sourceOf(step + 1);
  const fewShots = new Map<number, number>();
  const states: { sample: string; state: string }[] = [];
  const records: Parameters<RunWriter["recordFewShots"]>[2][number][] = [];
  for (let row = 0; row < rows; row++) {
    if (!isHard(book.stateOf(row))) continue;
    const sample = source.sampleOf(row);
    const made = construct(source, sample, { seed: 1, round: number, sample: row, attempt: 0 });
    const given = typeof made === "object";
    states.push({ sample: sample.id, state: book.happen(row, given ? "few-shots" : "no-candidates") });
    if (!given) continue;
    fewShots.set(row, 0);
    chosen++;
    const { demonstrations, dropped } = made;
    records.push({
      sample: sample.id,
      attempt: 0,
      demonstrations,
      promptHash: "0",
      tokens: 8,
      dropped,
      rollouts: 0,
      correct: 0,
      chosen: true,
    });
  }
  stored(() => {
    store.recordFewShots(step, number, records);
    store.recordStates(step, states);
  });
  curriculum.adopt(book);
  const firstEpoch = curriculum.round ? curriculum.round.firstEpoch + 1 : 0;
  const added = mode === "add" ? [...fewShots.keys()] : [];
  const round = { number, firstStep: step + 1, firstEpoch, fewShots, added };
  curriculum.open(round);
  for (const last = step + stepsOfRound(round, curriculum.shape); step < last; ) {
    step++;
    const items = curriculum.drawn(step);
    drawn += items.length;
    curriculum.solve(
      items.flatMap((row) =>
        row.version === "raw" && row.index % 7 === 0 ? [{ row, rollouts: [solvedRollout()] }] : [],
      ),
    );
    if (curriculum.book.hard === null) throw new Error("The rows were probed");
    if (step % 10 === 0) JSON.stringify(curriculum.book.letters);
    steps++;
  }
  const looked = processorTime();
  most = Math.max(most, inUse());
  looking += processorTime() - looked;
}
const milliseconds = processorTime() - started - storing - looking;
store.close();
rmSync(folder, { recursive: true, force: true });
console.log(JSON.stringify({ milliseconds, storing, steps, drawn, chosen, megabytes: (most - before) / 2 ** 20 }));

function solvedRollout() {
  const nothing = new Float32Array(0);
  const completion = {
    prompt: 0,
    rollout: 0,
    tokens: new Int32Array(0),
    logprobs: nothing,
    entropies: nothing,
    truncated: false,
  };
  return { completion, text: "", calls: [], formatOk: true, correct: true, reward: 1, parts: {}, reason: "" };
}
