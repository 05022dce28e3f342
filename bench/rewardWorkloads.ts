/** What a reward scores in the benchmark: recorded pairs, and the call that one of them takes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Type } from "@sinclair/typebox";
import { REWARD_DEFAULTS, type RewardName } from "../schemas/rewards.ts";
import { type Sample, ToolCall } from "../schemas/samples.ts";
import { follows } from "../server/toolcalls/check.ts";
import { parseExactJson } from "../server/toolcalls/json.ts";
import { loads } from "../server/toolcalls/python/json.ts";
import { isDict, type PythonDict } from "../server/toolcalls/python/value.ts";
import { decode } from "../server/toolcalls/rewards/bfcl/decode.ts";
import { BfclFiles, pairScorer } from "../server/toolcalls/rewards/pairs.ts";
import { rewardNamed } from "../server/toolcalls/rewards/rewardNamed.ts";
import { answerIn, callLines } from "../server/toolcalls/rewards/toolrlText.ts";

export interface Workload {
  name: string;
  /** One call for each pair. */
  inputs: (() => unknown)[];
}

/** @param shared folder with `oracles`, and `corpus` for the pairs that refer to it */
export function workloads(shared: string): Workload[] {
  const pairs = (name: string): PythonDict[] => recorded(shared, name);
  const [toolN1, bfcl, texts] = [pairs("tool-n1"), pairs("bfcl"), pairs("text-calls")];
  const { all: toolrl, qwen } = toolRlPairs(pairs("toolrl"));
  const files = new BfclFiles(join(shared, "corpus/bfcl"));
  const n1 = pairScorer("tool-n1", { variant: "v0" });
  return [
    { name: "toolrl", inputs: calls(qwen, pairScorer("toolrl", {})) },
    { name: "toolrl, all variants", inputs: calls(toolrl, pairScorer("toolrl", {})) },
    { name: "tool-n1", inputs: calls(toolN1, n1) },
    { name: "bfcl-ast", inputs: calls(bfcl, pairScorer("bfcl-ast", { files })) },
    {
      name: "bfcl-ast, calls decoded from Python",
      inputs: texts.map((pair) => () => decode(String(pair.get("completion")), "python-prompt")),
    },
    ...(["toolexpander", "set", "toolrl-paper"] as const).map((name) => ofSamples(name, toolN1)),
  ];
}

/**
 * The least that any reading of ToolRL's predicted calls costs: JSON.parse of those lines that it can read, once for each pair. Nothing is
 * scored.
 */
export function callReading(shared: string): Workload {
  const inputs = toolRlPairs(recorded(shared, "toolrl")).qwen.map((pair) => {
    const lines = callLines(answerIn(String(pair.get("completion")), "qwen")) ?? [];
    const readable = lines.filter(isJson);
    return () => readable.map((line): unknown => JSON.parse(line));
  });
  return { name: "JSON.parse of toolrl's predicted calls, nothing else", inputs };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function recorded(shared: string, name: string): PythonDict[] {
  const text = readFileSync(join(shared, "oracles", `${name}.jsonl`), "utf8");
  return text.trimEnd().split("\n").map(loads).filter(isDict);
}

/** `qwen`: without variables set, as the peer has them: those are read once for a training. */
function toolRlPairs(all: readonly PythonDict[]): { all: readonly PythonDict[]; qwen: PythonDict[] } {
  const qwen = all.filter((pair) => {
    const env = pair.get("env") ?? null;
    return isDict(env) && env.size === 1 && env.get("EXPERIMENT_NAME") === "qwen";
  });
  return { all, qwen: qwen.map((pair) => new Map([...pair].filter(([key]) => key !== "env"))) };
}

const calls = (pairs: readonly PythonDict[], score: (pair: PythonDict) => unknown): (() => unknown)[] =>
  pairs.map((pair) => () => score(pair));

/** Rewards of samples, on Tool-N1's pairs whose gold answer is a list of calls. */
function ofSamples(name: RewardName, pairs: readonly PythonDict[]): Workload {
  const reward = rewardNamed(name, REWARD_DEFAULTS);
  const inputs = pairs.flatMap((pair) => {
    const answer = goldIn(String(pair.get("gold")));
    if (answer === undefined) return [];
    const sample: Sample = { id: "s", query: "q", tools: [], answer };
    const completion = String(pair.get("completion"));
    return [() => reward(completion, sample)];
  });
  return { name, inputs };
}

/** Undefined for what is no list of calls to anyone but Python. */
function goldIn(gold: string): ToolCall[] | undefined {
  try {
    const answer = parseExactJson(gold);
    return follows(Type.Array(ToolCall), answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Calls per second of processor time. What a call throws is an answer too. */
export function measured({ inputs }: Workload, seconds: number): number {
  let count = 0;
  const pass = (): void => {
    for (const input of inputs) {
      try {
        input();
      } catch {
        // The original raises here.
      }
    }
    count += inputs.length;
  };
  pass();
  count = 0;
  const started = process.cpuUsage();
  let spent = 0;
  while (spent < seconds * 1e6) {
    pass();
    const { user, system } = process.cpuUsage(started);
    spent = user + system;
  }
  return (count * 1e6) / spent;
}
