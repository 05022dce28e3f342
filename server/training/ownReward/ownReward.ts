/**
 * A researcher's own reward (`"reward": "./my-reward.ts"`) in a thread of its own (`ownCode/`). What it throws or returns amiss fails
 * for that one completion, with its sample named.
 */
import type { RewardInput } from "../../../schemas/rewardFunction.ts";
import type { OwnRewardSettings } from "../../../schemas/rewards.ts";
import { plain, showValue } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { failedReward, type RewardResult } from "../../toolcalls/rewards/reward.ts";
import { OwnCode, placeIn } from "../ownCode/ownCode.ts";
import type { RewardIncidents } from "./incidents.ts";

/** Sentences about failures that are told; further ones are only in the rollouts' reasons. */
const MOST_TOLD = 20;
const LONGEST_REASON = 300;

const WORDS = { whole: "reward", call: "one completion", settings: "settings.rewards.own" };

/** Which completion is scored: the key of its random stream. */
export interface CompletionKey {
  seed: number;
  step: number;
  rollout: number;
}

export class OwnReward {
  readonly #file: string;
  readonly #code: OwnCode;
  readonly #incidents: RewardIncidents;
  #told = 0;

  private constructor(file: string, code: OwnCode, incidents: RewardIncidents) {
    this.#file = file;
    this.#code = code;
    this.#incidents = incidents;
  }

  /**
   * Loads the file.
   * @throws InputError where it cannot be loaded or its default export is no function
   */
  static async load(file: string, limits: OwnRewardSettings, incidents: RewardIncidents): Promise<OwnReward> {
    const code = await OwnCode.load({ file, exports: "function", limits, words: WORDS });
    return new OwnReward(file, code, incidents);
  }

  /** Never rejects. Calls wait for those before them. */
  async score(input: RewardInput, { seed, step, rollout }: CompletionKey): Promise<RewardResult> {
    const { id } = input.sample;
    const key = JSON.stringify([seed, step, id, rollout]);
    const known = this.#incidents.known(key);
    if (known !== undefined) return failedReward(known);
    try {
      const outcome = await this.#code.call(input);
      if (outcome.kind === "thrown") return this.#failed(id, `it threw ${plain(outcome.message, 200)}`, outcome.stack);
      return resultOf(outcome.value) ?? this.#failed(id, `it returned ${shown(outcome.value)}, which is no reward`);
    } catch (error) {
      const why = (error as Error).message;
      this.#incidents.remember(step, key, why);
      return this.#failed(id, why);
    }
  }

  /** Ends the thread. It keeps no process alive by itself. */
  dispose(): Promise<void> {
    return this.#code.dispose();
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
