/**
 * A researcher's own reward (`"reward": "./my-reward.ts"`) in a thread of its own: calls one after the other, each within a time limit, the
 * thread within a memory limit. What it throws or returns amiss fails for that one completion, with its sample named.
 */
import { url as inspected } from "node:inspector";
import { Worker } from "node:worker_threads";
import { InputError } from "../../../schemas/problem.ts";
import type { RewardInput } from "../../../schemas/rewardFunction.ts";
import type { OwnRewardSettings } from "../../../schemas/rewards.ts";
import { follows } from "../../toolcalls/check.ts";
import { plain, showValue } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { failedReward, type RewardResult } from "../../toolcalls/rewards/reward.ts";
import { entryPoint } from "../entryPoint.ts";
import type { RewardIncidents } from "./incidents.ts";
import { Answer, type Question, type WorkerStart } from "./messages.ts";

/** A file with large imports takes its time to load, seconds. */
const LOAD_SECONDS = 30;
/** Sentences about failures that are told; further ones are only in the rollouts' reasons. */
const MOST_TOLD = 20;
const LONGEST_REASON = 300;

/** Which completion is scored: the key of its random stream. */
export interface CompletionKey {
  seed: number;
  step: number;
  rollout: number;
}

/** How a call ended without an answer of the reward. */
class Cut extends Error {}

export class OwnReward {
  readonly #file: string;
  readonly #settings: OwnRewardSettings;
  readonly #incidents: RewardIncidents;
  #worker: Worker | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #asked = 0;
  #told = 0;

  private constructor(file: string, settings: OwnRewardSettings, incidents: RewardIncidents) {
    this.#file = file;
    this.#settings = settings;
    this.#incidents = incidents;
  }

  /**
   * Loads the file.
   * @throws InputError where it cannot be loaded or its default export is no function
   */
  static async load(file: string, settings: OwnRewardSettings, incidents: RewardIncidents): Promise<OwnReward> {
    const reward = new OwnReward(file, settings, incidents);
    reward.#worker = await reward.#start();
    return reward;
  }

  /** Never rejects. Calls wait for those before them. */
  score(input: RewardInput, key: CompletionKey): Promise<RewardResult> {
    const result = this.#turn.then(() => this.#scoreNow(input, key));
    this.#turn = result;
    return result;
  }

  /** Ends the thread. It keeps no process alive by itself. */
  async dispose(): Promise<void> {
    await this.#turn;
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #scoreNow(input: RewardInput, { seed, step, rollout }: CompletionKey): Promise<RewardResult> {
    const { id } = input.sample;
    const key = JSON.stringify([seed, step, id, rollout]);
    const known = this.#incidents.known(key);
    if (known !== undefined) return failedReward(known);
    try {
      this.#worker ??= await this.#start();
      const answer = await this.#ask(this.#worker, input);
      if (answer.kind === "thrown") return this.#failed(id, `it threw ${plain(answer.message, 200)}`, answer.stack);
      return resultOf(answer.value) ?? this.#failed(id, `it returned ${shown(answer.value)}, which is no reward`);
    } catch (error) {
      const why = error instanceof Cut || error instanceof InputError ? error.message : String(error);
      this.#worker = undefined;
      this.#incidents.remember(step, key, why);
      return this.#failed(id, why);
    }
  }

  #failed(sample: string, why: string, stack = ""): RewardResult {
    if (this.#told < MOST_TOLD) {
      this.#told++;
      const place = placeIn(stack, this.#file);
      const last = this.#told === MOST_TOLD ? "; further failures are told in the rollouts only" : "";
      this.#incidents.tell(`The reward failed for sample "${plain(sample)}"${place}: ${why}${last}`);
    }
    return failedReward(why);
  }

  async #start(): Promise<Worker> {
    const start: WorkerStart = { file: this.#file };
    const worker = new Worker(entryPoint("rewardWorker"), {
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: this.#settings.memory },
    });
    const answer = await this.#next(worker, LOAD_SECONDS, "loading").catch((error: unknown) => {
      throw new InputError(`This reward cannot be used: ${(error as Error).message}.`, { file: this.#file });
    });
    if (answer.kind === "ready") {
      worker.unref();
      return worker;
    }
    await worker.terminate();
    const why = answer.kind === "refused" ? answer.why : "it answered before it was asked";
    throw new InputError(`This reward cannot be used: ${plain(why, 1000)}`, { file: this.#file });
  }

  async #ask(worker: Worker, input: RewardInput): Promise<Extract<Answer, { id: number }>> {
    const question: Question = { id: ++this.#asked, input };
    worker.ref();
    try {
      const answer = this.#next(worker, this.#settings.seconds, "one completion");
      worker.postMessage(question);
      for (let found = await answer; ; found = await this.#next(worker, this.#settings.seconds, "one completion")) {
        // What the reward's own code sends to the port is none of ours.
        if ("id" in found && found.id === question.id) return found;
      }
    } finally {
      worker.unref();
    }
  }

  /** The thread's next message. @throws Cut where it ends or takes too long, after which it is no more */
  #next(worker: Worker, seconds: number, what: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        worker.off("message", answered).off("error", broken).off("exit", ended);
      };
      const cut = (why: string): void => {
        done();
        // Its end is waited for by nobody: a loop that never yields is ended from outside.
        void worker.terminate();
        reject(new Cut(why));
      };
      const answered = (message: unknown): void => {
        if (!follows(Answer, message)) return;
        done();
        resolve(message);
      };
      const broken = (error: NodeJS.ErrnoException): void =>
        cut(
          error.code === "ERR_WORKER_OUT_OF_MEMORY"
            ? `it took more than ${this.#settings.memory} MiB (settings.rewards.own.memory)`
            : `its thread broke: ${plain(error.message, 200)}`,
        );
      const ended = (code: number): void => cut(`it ended its thread (exit code ${code})`);
      worker.on("message", answered).on("error", broken).on("exit", ended);
      // A breakpoint is no slowness.
      const limit = inspected() === undefined ? seconds * 1000 : 2 ** 31 - 1;
      const timer = setTimeout(() => cut(`${what} took more than ${seconds} s (settings.rewards.own.seconds)`), limit);
    });
  }
}

/** JSON has no word for NaN. */
const shown = (value: unknown): string => (typeof value === "number" ? String(value) : showValue(value, 80));

/** Undefined where the value is neither a finite number nor details with one. */
function resultOf(value: unknown): RewardResult | undefined {
  if (isNumber(value)) return { reward: value, parts: {}, reason: "as the reward of this experiment has it" };
  if (!isJsonObject(value) || !isNumber(value.reward)) return undefined;
  const { reward, parts = {}, reason = "as the reward of this experiment has it" } = value;
  if (!isJsonObject(parts) || !Object.values(parts).every(isNumber) || typeof reason !== "string") return undefined;
  return {
    reward,
    parts: Object.fromEntries(Object.entries(parts).filter(isPart)),
    reason: plain(reason, LONGEST_REASON),
  };
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isPart = (entry: [string, unknown]): entry is [string, number] => isNumber(entry[1]);

/** ` at file:line` of the innermost frame in the reward's own file, where the stack has one. */
function placeIn(stack: string, file: string): string {
  const name = file.replaceAll("\\", "/").split("/").at(-1) ?? file;
  const line = stack.split("\n").find((frame) => /^\s+at /.test(frame) && frame.includes(name));
  const [, at] = /:(\d+):\d+\)?$/.exec(line ?? "") ?? [];
  return at === undefined ? "" : ` at ${name}:${at}`;
}
