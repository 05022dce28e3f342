/**
 * Makes the micro policy of the episodes: random weights, a minute of looking up, then warm-up episodes. The same seed, thread count and
 * build give the same weights. It may be stopped at any moment: the same command goes on from the folder of its states.
 *
 *     node scripts/episodes/make.ts [--out examples/episodes/policy] [--state .scratch/episodes-policy] [--steps 1200] [--threads 2]
 *
 * Stop where it is right in 40–65 % of the held-out episodes: scripts/episodes/measure.ts says what it does.
 */
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { choiceName, percent } from "../../server/training/client/text.ts";
import type { PolicyEngine } from "../../server/training/engine/policyEngine.ts";
import { cosine, firstEngine, warmed } from "../policy/firstEngine.ts";
import { lookups } from "../policy/lookups.ts";
import { runStage, take, type WarmupRow } from "../policy/warmupStage.ts";
import { openHeldOut, play } from "./playing.ts";
import { readersIn } from "./policyFiles.ts";
import { warmupEpisodes } from "./warmupEpisodes.ts";
import { warmupRow } from "./warmupRow.ts";

const SEED = 1;
const ROOT = join(import.meta.dirname, "..", "..");
const POLICY = join(ROOT, "examples", "episodes", "policy");

/** Optimizer steps and rows of a step. */
const LOOKUP = { steps: 450, rows: 32 };
/** Of the episodes, `first` steps have the guesses of that name in priors.ts. */
const EPISODES = { steps: 1200, first: 700, rows: 24, lookups: 2 };
const RATE = 2e-3;

const SAVED_EVERY = 50;
const PLAYED = { every: 200, episodes: 100 };

const { values } = parseArgs({
  options: {
    out: { type: "string", default: POLICY },
    state: { type: "string", default: join(ROOT, ".scratch", "episodes-policy") },
    steps: { type: "string", default: String(EPISODES.steps) },
    threads: { type: "string", default: "2" },
  },
});
const steps = Number(values.steps);
const { tokenizer, renderer } = readersIn(POLICY);
await using first = await firstEngine(tokenizer, SEED, Number(values.threads));
const { engine } = first;
const made = await goOn(engine, values.state);

const spans = lookups(SEED, tokenizer);
take(spans, Math.min(made, LOOKUP.steps) * LOOKUP.rows + Math.max(0, made - LOOKUP.steps) * EPISODES.lookups);
let started = performance.now();
let losses: number[] = [];
await runStage(engine, {
  name: "warm-up",
  steps: LOOKUP.steps + steps,
  made,
  rows: (step) =>
    step <= LOOKUP.steps
      ? take(spans, LOOKUP.rows)
      : [...episodeRows(step - LOOKUP.steps), ...take(spans, EPISODES.lookups)],
  learningRate: (step) => {
    const own = step - LOOKUP.steps;
    return own <= 0 ? warmed(RATE, step) : warmed(RATE, own) * cosine(own, steps);
  },
  done: async (step, loss) => {
    losses.push(loss);
    if (step % SAVED_EVERY === 0) await report(step);
    if (step > LOOKUP.steps && step % PLAYED.every === 0) await tryOut(step);
  },
});
await engine.exportModel(values.out, "bf16");

function episodeRows(step: number): WarmupRow[] {
  const guessing = step <= EPISODES.first ? "first" : "later";
  const episodes = take(warmupEpisodes(SEED, (step - 1) * EPISODES.rows, guessing), EPISODES.rows);
  return episodes.map((episode) => warmupRow(episode, renderer, tokenizer));
}

async function report(step: number): Promise<void> {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const seconds = (performance.now() - started) / 1000;
  console.log(`${step}/${LOOKUP.steps + steps}  loss ${mean.toFixed(3)}  ${seconds.toFixed(0)} s`);
  [losses, started] = [[], performance.now()];
  await save(engine, values.state, step);
}

async function tryOut(step: number): Promise<void> {
  await engine.exportModel(values.out, "bf16");
  const heldOut = await openHeldOut();
  const { accuracy, choices } = await play(engine, heldOut, {
    temperature: 0.7,
    episodes: 1,
    count: PLAYED.episodes,
  });
  await heldOut.world.environment.dispose();
  console.log(
    `${step}: ${percent(accuracy.value)} of ${accuracy.rows} held-out episodes, ${percent(choices.unreadable / choices.turns)} of turns no choice, ${choices.entropyBits.toFixed(2)} bits,`,
    Object.fromEntries(choices.tools.map(({ tool, turns }) => [choiceName(tool), turns])),
  );
}

/** Weights and the optimizer's state, in a folder that has its name only once it is whole. */
async function save(policy: PolicyEngine, folder: string, step: number): Promise<void> {
  const before = readdirSync(ensured(folder));
  const fresh = ensured(join(folder, "fresh"));
  await policy.save(fresh);
  renameSync(fresh, join(folder, String(step)));
  for (const name of before) rmSync(join(folder, name), { recursive: true, force: true });
}

/** @returns the steps that are made */
async function goOn(policy: PolicyEngine, folder: string): Promise<number> {
  const made = readdirSync(ensured(folder)).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  const last = Math.max(0, ...made);
  if (last > 0) await policy.load(join(folder, String(last)));
  return last;
}

function ensured(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}
