/** Where questions wait for a window that judges: each goes to one window at a time, and to the next where that one leaves. */
import { setMaxListeners } from "node:events";
import type { JudgeOutcome, JudgeQuestion, JudgingState, WantedModel } from "../../../../../schemas/judging.ts";
import { InputError } from "../../../../../schemas/problem.ts";
import { plain } from "../../../../toolcalls/display.ts";
import { type ChatMessage, Unanswerable } from "../chat.ts";
import type { Clock } from "../clock.ts";
import { Patience } from "../patience.ts";
import type { Desk, JudgeWindow, Seat } from "./desk.ts";

/** Answers of one question that failed, before it is given up. */
const MOST_FAILURES = 4;
/** Rest of a window without quota: doubled each time, up to the longest. Milliseconds. */
const FIRST_REST_MS = 15_000;
const LONGEST_REST_MS = 10 * 60_000;

export interface DeskOptions {
  file: string;
  model: WantedModel;
  /** Questions that a window has at a time. */
  concurrency: number;
  /** Time limit for an answer, seconds. */
  seconds: number;
  clock: Clock;
}

interface Question {
  number: number;
  messages: JudgeQuestion["messages"];
  failures: number;
  /** The window that has it, and the id that it has there. */
  at: { window: Sitting; id: string; over: AbortController } | undefined;
  settle: PromiseWithResolvers<string>;
}

interface Sitting {
  window: JudgeWindow;
  questions: number;
  rests: number;
  isResting: boolean;
  left: AbortController;
}

const NO_WINDOW = "No window judges; open the project in the editor and choose Judge in This Window.";

export class JudgeDesk implements Desk {
  readonly #options: DeskOptions;
  /** In the order in which they came, whatever became of them since. */
  readonly #questions = new Map<number, Question>();
  readonly #windows = new Set<Sitting>();
  readonly #listeners = new Set<(state: JudgingState) => void>();
  readonly #patience = new Patience();
  #reason: string | null = null;
  #answered = 0;
  #numbers = 0;
  #told = "";

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  get state(): JudgingState {
    const { file, model } = this.#options;
    const windows = [...this.#windows];
    const facts = {
      file,
      model,
      key: null,
      open: this.#questions.size,
      answered: this.#answered,
      windows: windows.length,
    };
    if (this.#questions.size === 0) return { ...facts, state: "idle", reason: null };
    if (windows.length === 0) return { ...facts, state: "waiting", reason: this.#reason ?? NO_WINDOW };
    if (windows.every(({ isResting }) => isResting)) return { ...facts, state: "resting", reason: this.#reason };
    return { ...facts, state: "asking", reason: null };
  }

  onChange(listener: (state: JudgingState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The answer of whichever window gives one; waits while there is none.
   *
   * @throws Unanswerable, InputError, AbortError as ChatModel.complete
   */
  async ask(messages: readonly ChatMessage[], signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const number = ++this.#numbers;
    const settle = Promise.withResolvers<string>();
    const question: Question = { number, messages: [...messages], failures: 0, at: undefined, settle };
    const abort = (): void => settle.reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    this.#questions.set(number, question);
    this.#deal();
    try {
      return await settle.promise;
    } finally {
      signal.removeEventListener("abort", abort);
      this.#questions.delete(number);
      this.#takeBack(question, true);
      this.#deal();
    }
  }

  /** A window judges from here on. */
  offer(window: JudgeWindow): Seat {
    const sitting: Sitting = { window, questions: 0, rests: 0, isResting: false, left: new AbortController() };
    setMaxListeners(0, sitting.left.signal);
    this.#windows.add(sitting);
    this.#reason = null;
    this.#deal();
    return {
      answer: (id, outcome) => this.#take(sitting, id, outcome),
      leave: () => this.#leave(sitting, null),
    };
  }

  give(): string {
    return "No key is wanted.";
  }

  /** Gives every question that has no window to one that has room, the least busy first, and tells what has changed. */
  #deal(): void {
    for (const question of this.#questions.values()) {
      if (question.at !== undefined) continue;
      const [sitting] = [...this.#windows]
        .filter(({ isResting, questions }) => !isResting && questions < this.#options.concurrency)
        .sort((a, b) => a.questions - b.questions);
      if (sitting === undefined) break;
      this.#give(question, sitting);
    }
    this.#tell();
  }

  #give(question: Question, window: Sitting): void {
    const id = `${question.number}.${question.failures}.${++this.#numbers}`;
    const over = new AbortController();
    question.at = { window, id, over };
    window.questions++;
    void this.#limit(question, over.signal);
    window.window.ask({ id, messages: question.messages });
  }

  /** A window that never answers is asked no longer. */
  async #limit(question: Question, over: AbortSignal): Promise<void> {
    const { clock, seconds } = this.#options;
    try {
      await clock.sleep(seconds * 1000, over);
    } catch {
      return; // answered, or taken back
    }
    this.#takeBack(question, true);
    this.#failed(question, `it did not answer within ${seconds} s`);
    this.#deal();
  }

  /** @param tellWindow where the window may still work on it */
  #takeBack(question: Question, tellWindow: boolean): void {
    const { at } = question;
    if (at === undefined) return;
    question.at = undefined;
    at.window.questions--;
    at.over.abort();
    if (tellWindow && this.#windows.has(at.window)) at.window.window.cancel(at.id);
  }

  #take(window: Sitting, id: string, outcome: JudgeOutcome): void {
    const question = [...this.#questions.values()].find(({ at }) => at?.window === window && at.id === id);
    if (question === undefined) return;
    this.#takeBack(question, false);
    switch (outcome.kind) {
      case "text":
        window.rests = 0;
        this.#answered++;
        this.#patience.answered();
        this.#close(question).resolve(outcome.text);
        break;
      case "unusable":
        this.#giveUp(question, outcome.reason, true);
        break;
      case "missing":
        this.#close(question).reject(this.#fault(outcome.reason));
        break;
      case "declined":
        this.#leave(window, outcome.reason);
        break;
      case "resting":
        void this.#rest(window, outcome.reason);
        break;
      case "failed":
        this.#failed(question, outcome.reason);
    }
    this.#deal();
  }

  #failed(question: Question, reason: string): void {
    question.failures++;
    if (question.failures >= MOST_FAILURES) this.#giveUp(question, reason, false);
  }

  #giveUp(question: Question, reason: string, isOfTheQuestion: boolean): void {
    const isAtFault = this.#patience.unanswered(isOfTheQuestion);
    const sentence = `the editor's model gave no answer: ${plain(reason, 300)}`;
    this.#close(question).reject(isAtFault ? this.#fault(reason) : new Unanswerable(sentence));
  }

  /** Nobody is asked about it any more. */
  #close({ number, settle }: Question): Question["settle"] {
    this.#questions.delete(number);
    return settle;
  }

  async #rest(window: Sitting, reason: string): Promise<void> {
    if (window.isResting) return;
    window.isResting = true;
    this.#reason = plain(reason, 300);
    const { clock } = this.#options;
    const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** window.rests++) * (1 + 0.2 * clock.random());
    try {
      await clock.sleep(rest, window.left.signal);
    } catch {
      return; // it has left
    }
    window.isResting = false;
    this.#deal();
  }

  #leave(window: Sitting, reason: string | null): void {
    if (!this.#windows.delete(window)) return;
    window.left.abort();
    this.#reason = reason === null ? null : plain(reason, 300);
    for (const question of this.#questions.values())
      if (question.at?.window === window) this.#takeBack(question, false);
    this.#deal();
  }

  #fault(reason: string): InputError {
    const { vendor, family } = this.#options.model;
    const name = plain(vendor === null ? family : `${vendor}/${family}`);
    return new InputError(`the editor's model ${name} cannot judge: ${plain(reason, 300)}; mend that and go on.`);
  }

  #tell(): void {
    const { state } = this;
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    for (const listener of this.#listeners) listener(state);
  }
}
