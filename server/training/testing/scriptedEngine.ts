/**
 * A policy written by hand, for tests of episodes: what it writes is a function of the prompt's text and of the random key alone, as a real
 * policy's is. It thinks, fills in the arguments of a call that has begun, and answers, right or wrong by chance.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { Tokenizer } from "../../prompts/tokenizer.ts";
import type { Completion, EngineInfo, PolicyEngine, Prompt, Sampling } from "../engine/policyEngine.ts";
import type { EngineOptions } from "../engine/remote/messages.ts";
import { uniform } from "./uniform.ts";

/** What is written behind a prompt. @param u uniform in [0, 1), from the key */
export type Script = (prompt: string, u: number) => string;

/** Parts of a policy that only training needs. */
const untrained = (): never => {
  throw new RangeError("A scripted policy cannot be trained");
};

export class ScriptedEngine implements PolicyEngine {
  readonly info: EngineInfo;
  /** Prompts of each call, as texts. */
  readonly calls: string[][] = [];
  readonly #tokenizer: Tokenizer;
  readonly #script: Script;
  readonly #delay: number;
  /** Call at which the process ends, as a native crash does. */
  readonly #crash: number | undefined;

  constructor({ model, device, threads }: Pick<EngineOptions, "model" | "device" | "threads">, script: Script) {
    this.#tokenizer = Tokenizer.load(model);
    this.#script = script;
    const config = JSON.parse(readFileSync(join(model, "config.json"), "utf8")) as {
      delay_ms?: number;
      crash_at?: number;
    };
    this.#delay = config.delay_ms ?? 0;
    this.#crash = config.crash_at;
    this.info = {
      device,
      threads,
      parameters: 0,
      trained: 0,
      vocabulary: this.#tokenizer.size,
      architecture: "scripted",
      runtime: "scripted 1",
      bitwiseReproducible: true,
    };
  }

  async *generate(prompts: Prompt[], n: number, sampling: Sampling, signal?: AbortSignal): AsyncGenerator<Completion> {
    const texts = prompts.map(({ tokens }) => this.#tokenizer.decode(tokens, { keepSpecial: true }));
    this.calls.push(texts);
    if (this.calls.length === this.#crash) process.kill(process.pid, "SIGKILL");
    for (const [prompt, text] of texts.entries()) {
      for (let rollout = 0; rollout < n; rollout++) {
        if (this.#delay > 0) await sleep(this.#delay);
        else await turn();
        signal?.throwIfAborted();
        const { key, firstRollout = 0 } = prompts[prompt] as Prompt;
        const written = this.#script(text, uniform(key.seed, key.step, key.sample, firstRollout + rollout));
        yield this.#completion(written, { prompt, rollout }, sampling.maxNewTokens);
      }
    }
  }

  #completion(text: string, place: { prompt: number; rollout: number }, most: number): Completion {
    const all = Int32Array.of(...this.#tokenizer.encode(text), this.#tokenizer.eos);
    const tokens = all.subarray(0, most);
    const zeros = new Float32Array(tokens.length);
    return { ...place, tokens, logprobs: zeros, entropies: zeros, truncated: tokens.length < all.length };
  }

  logprobs = async (): Promise<Float32Array[][]> => untrained();
  values = async (): Promise<Float32Array[][]> => untrained();
  update = async () => untrained();
  save = async (): Promise<void> => untrained();
  load = async (): Promise<void> => untrained();
  exportModel = async (): Promise<void> => untrained();
  exportAdapter = async (): Promise<void> => untrained();
  async limit(): Promise<void> {}
  async dispose(): Promise<void> {}
}

/** For the workspace of episodeWorkspace.ts: half of what it writes helps, and some of it is broken. */
export const PLAYER: Script = (prompt, u) => {
  const [, sum = "0 and 0"] = /How much are (\d+ and \d+)/.exec(prompt) ?? [];
  const [a = 0, b = 0] = sum.split(" and ").map(Number);
  const turn = prompt.slice(prompt.lastIndexOf("<|start|>assistant\n"));
  if (turn.includes("<answer>")) return `${u < 0.7 ? a + b : a}</answer>`;
  if (!turn.includes("<tool_call>")) return u < 0.8 ? `I add ${a} and ${b}.\n<tool_call>` : "";
  const rest = turn.includes('{"name": "look_up"') ? lookUp(u) : `{"a": ${a}, "b": ${u < 0.6 ? b : `${b}0`}}`;
  // The beginning reaches into the arguments as far as all calls of a tool are alike.
  return `${rest.slice('{"'.length)}}${u > 0.9 ? "" : "\n</tool_call>"}`;
};

const lookUp = (u: number): string => (u < 0.5 ? '{"word": "sum"}' : '{"word": "storm"}');

export const createEngine = (options: EngineOptions): Promise<PolicyEngine> =>
  Promise.resolve(new ScriptedEngine(options, PLAYER));
