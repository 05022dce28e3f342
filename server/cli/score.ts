/** `toolexpander score`: pairs of a completion and its gold answer through a reward, without a run. One line in, one line out. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Type } from "@sinclair/typebox";
import { InputError } from "../../schemas/problem.ts";
import {
  isRewardName,
  REWARD_DEFAULTS,
  REWARD_NAMES,
  type RewardName,
  RewardSettings,
  ToolN1Settings,
} from "../../schemas/rewards.ts";
import { type Sample, ToolCall } from "../../schemas/samples.ts";
import { check, follows } from "../toolcalls/check.ts";
import { sameCalls } from "../toolcalls/compare.ts";
import { parseCompletion } from "../toolcalls/completion.ts";
import { plain, visible } from "../toolcalls/display.ts";
import { isJsonObject, jsonIn, parseExactJson } from "../toolcalls/json.ts";
import { endWithHint } from "../toolcalls/nearest.ts";
import { PythonError } from "../toolcalls/python/error.ts";
import { loads } from "../toolcalls/python/json.ts";
import { isDict } from "../toolcalls/python/value.ts";
import { BfclFiles, PAIR_REWARDS, PairFault, type PairScorer, pairScorer } from "../toolcalls/rewards/pairs.ts";
import { NO_CONTEXT } from "../toolcalls/rewards/reward.ts";
import { rewardNamed } from "../toolcalls/rewards/rewardNamed.ts";
import { readLines } from "../toolcalls/textLines.ts";
import { ForgottenIncidents } from "../training/ownReward/incidents.ts";
import { OwnReward } from "../training/ownReward/ownReward.ts";
import { ExitCode } from "./exit.ts";

export interface ScoreOptions {
  reward: string;
  input: string;
  /** JSON of the reward's settings, as an experiment has them below `rewards`. */
  settings?: string;
  /** Folder with BFCL's `question` and `possible_answer`. */
  corpus?: string;
}

/** The reward itself failed for a pair that can be read. */
class RewardFailed extends Error {}

/** What a line comes to. @throws PairFault for a bad pair, PythonError where the original reward raises, RewardFailed */
type LineScorer = (text: string) => unknown | Promise<unknown>;

/** Exit code 1 where lines could not be read; what the original reward raises on is an answer like any other. */
export async function scoreCommand(options: ScoreOptions): Promise<ExitCode> {
  const score = await scorerOf(options);
  const input = resolve(options.input);
  if (!existsSync(input)) throw new InputError("There is no such file.", { file: input });
  const bad: string[] = [];
  let scored = 0;
  let raised = 0;
  for (const { text, line } of readLines(input)) {
    const id = idIn(text);
    let answer: object;
    try {
      answer = { score: await score(text) };
      scored++;
    } catch (error) {
      if (error instanceof PythonError || error instanceof RewardFailed) raised++;
      else if (error instanceof PairFault) bad.push(`${line} (${error.message})`);
      else throw error;
      answer = { error: error.message };
    }
    await print(`${JSON.stringify({ ...(id === undefined ? { line } : { id }), ...answer })}\n`);
  }
  process.stderr.write(`${summary(scored, raised, bad)}\n`);
  return bad.length > 0 ? ExitCode.input : ExitCode.done;
}

/** Lines that are named when they cannot be read. */
const NAMED = 5;

function summary(scored: number, raised: number, bad: readonly string[]): string {
  const told = [
    `${scored} ${scored === 1 ? "pair" : "pairs"} scored`,
    ...(raised > 0 ? [`the reward raises on ${raised}`] : []),
  ];
  if (bad.length > 0) {
    const more = bad.length > NAMED ? ` and ${bad.length - NAMED} more` : "";
    told.push(`${bad.length} lines could not be read: ${plain(bad.slice(0, NAMED).join(", "), 1000)}${more}`);
  }
  return told.join("; ");
}

async function print(text: string): Promise<void> {
  if (!process.stdout.write(visible(text))) await once(process.stdout, "drain");
}

/** Every answer carries its pair's id, also one that cannot be scored. */
function idIn(text: string): unknown {
  const value = jsonIn(text);
  return isJsonObject(value) ? value.id : undefined;
}

async function scorerOf({ reward, settings: changes, corpus }: ScoreOptions): Promise<LineScorer> {
  const { settings, variant } = settingsOf(changes);
  const published = PAIR_REWARDS.find((name) => name === reward);
  if (published !== undefined) {
    const files = corpus === undefined ? undefined : new BfclFiles(resolve(corpus));
    const score = pairScorer(published, {
      settings,
      ...(variant && { variant }),
      ...(files && { files }),
    });
    return (text) => score(pairIn(text));
  }
  if (isRewardName(reward)) return named(reward, settings);
  if (!/\.(ts|mts|js|mjs)$/.test(reward)) {
    throw new InputError(`There is no reward "${plain(reward)}"${endWithHint(reward, REWARD_NAMES)}`);
  }
  const incidents = new ForgottenIncidents((sentence) => process.stderr.write(`${visible(sentence)}\n`));
  return own(await OwnReward.load(resolve(reward), settings.own, incidents));
}

const PartOfSettings = Type.Partial(RewardSettings);

function settingsOf(changes: string | undefined): { settings: RewardSettings; variant?: ToolN1Settings["variant"] } {
  if (changes === undefined) return { settings: REWARD_DEFAULTS };
  let value: unknown;
  try {
    value = JSON.parse(changes);
  } catch (error) {
    throw new InputError(`--settings is not JSON: ${plain((error as Error).message, 200)}.`);
  }
  const document = { file: "--settings", value, locate: () => ({ file: "--settings" }) };
  const merged = Object.fromEntries(
    Object.entries(check<Record<string, object>>(Type.Record(Type.String(), Type.Object({})), document)).map(
      ([name, part]) => [name, { ...(REWARD_DEFAULTS as Record<string, object>)[name], ...part }],
    ),
  );
  const parts = check<Partial<RewardSettings>>(PartOfSettings, { ...document, value: merged });
  const asked = follows(ToolN1Settings, parts["tool-n1"]) ? parts["tool-n1"].variant : undefined;
  return { settings: { ...REWARD_DEFAULTS, ...parts }, ...(asked && { variant: asked }) };
}

function pairIn(text: string): Parameters<PairScorer>[0] {
  let value: ReturnType<typeof loads>;
  try {
    value = loads(text);
  } catch (error) {
    // The line is at fault here, not what the reward would read of it.
    throw new PairFault((error as Error).message);
  }
  if (!isDict(value)) throw new PairFault("the line is no JSON object");
  return value;
}

/** Rewards of samples: `gold` is the calls, or their JSON as a text. */
function named(name: RewardName, settings: RewardSettings): LineScorer {
  const reward = rewardNamed(name, settings);
  return (text) => {
    const { completion, sample, step } = samplePair(text);
    const { reward: total, parts, reason, failed } = reward(completion, sample, { ...NO_CONTEXT, step });
    if (failed) throw new RewardFailed(reason);
    return { total, ...parts };
  };
}

function own(reward: OwnReward): LineScorer {
  return async (text) => {
    const { completion, sample, step } = samplePair(text);
    const { calls, formatOk } = parseCompletion(completion);
    const input = {
      completion,
      calls: calls.map(({ name, arguments: values }) => ({ name, arguments: { ...values } })),
      formatOk,
      correct: formatOk && sameCalls(sample.answer, calls),
      sample: { id: sample.id, query: sample.query, tools: [], answer: JSON.parse(JSON.stringify(sample.answer)) },
      step,
    };
    const { reward: total, parts, reason, failed } = await reward.score(input, { seed: 0, step, rollout: 0 });
    if (failed) throw new RewardFailed(reason);
    return { total, ...parts };
  };
}

const Gold = Type.Array(ToolCall);

function samplePair(text: string): { completion: string; sample: Sample; step: number } {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch (error) {
    throw new PairFault(`the line is no JSON: ${plain((error as Error).message, 120)}`);
  }
  if (!isJsonObject(value)) throw new PairFault("the line is no JSON object");
  const { id = "", completion, gold, step = 0, query = "" } = value;
  if (typeof completion !== "string") throw new PairFault('"completion" is missing or no text');
  const answer = typeof gold === "string" ? decodedGold(gold) : gold;
  if (!follows(Gold, answer)) throw new PairFault('"gold" is no list of calls with "name" and "arguments"');
  const sample: Sample = { id: String(id), query: String(query), tools: answer.map(({ name }) => name), answer };
  return { completion, sample, step: typeof step === "number" ? step : 0 };
}

function decodedGold(gold: string): unknown {
  try {
    return parseExactJson(gold);
  } catch {
    throw new PairFault('"gold" is a text that is no JSON');
  }
}
