/** A window's connection to a process that has trajectories judged. */
import { setTimeout as sleep } from "node:timers/promises";
import type { JudgeOutcome, JudgingState } from "../../../schemas/judging.ts";
import { connectToServer, ServerClient } from "./serverClient.ts";

/** Longest time from a request that fails to the close that explains it, milliseconds. */
const CLOSING_MS = 500;

export class JudgingClient extends ServerClient {
  /** From here on `judging` is told. */
  watch(): Promise<JudgingState> {
    return this.request("judging", {});
  }

  /** From here on `judgeQuestion` comes in, and is answered. */
  offer(): Promise<JudgingState> {
    return this.request("offerJudge", {});
  }

  async withdraw(): Promise<void> {
    await this.request("withdrawJudge", {});
  }

  /** @returns why the key is not taken; null where it is */
  async giveKey(key: string): Promise<string | null> {
    try {
      return (await this.request("giveJudgeKey", { key })).refused;
    } catch (error) {
      // A process that has its key closes the connection, and may have done so before its answer was read.
      const isGone = await Promise.race([this.closed.then(() => true), sleep(CLOSING_MS, false, { ref: false })]);
      if (isGone) return null;
      throw error;
    }
  }

  async answer(id: string, outcome: JudgeOutcome): Promise<void> {
    await this.request("answerJudge", { id, outcome });
  }
}

/**
 * Connects to the process that a bridge's file names; undefined where none lives.
 *
 * @throws InputError where it runs on another machine or refuses this client
 */
export function connectToJudging(file: string): Promise<JudgingClient | undefined> {
  const place = {
    owner: file,
    key: file,
    elsewhere: (hostname: string) => `these trajectories are generated on ${hostname}; judge them there`,
    silent: (pid: number) => `process ${pid}, which generates trajectories here, does not answer`,
  };
  return connectToServer(place, JudgingClient);
}
