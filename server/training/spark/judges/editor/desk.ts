/** What a process has behind its bridge: something that waits for a window. */
import type { JudgeOutcome, JudgeQuestion, JudgingState } from "../../../../../schemas/judging.ts";

/** A window as the desk sees it. */
export interface JudgeWindow {
  ask(question: JudgeQuestion): void;
  /** Its answer is not wanted any more. */
  cancel(id: string): void;
}

/** A window's place at the desk. */
export interface Seat {
  answer(id: string, outcome: JudgeOutcome): void;
  /** Gives its questions back to the others. */
  leave(): void;
}

export interface Desk {
  readonly state: JudgingState;
  /** @returns what ends it */
  onChange(listener: (state: JudgingState) => void): () => void;
  /** A window judges from here on. */
  offer(window: JudgeWindow): Seat;
  /** @returns why the key is not taken; null where it is */
  give(key: string): string | null;
}
