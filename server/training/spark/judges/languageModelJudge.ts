/** A judge that asks a language model: one prompt, one reading of the answer, whatever model it is. */
import { createHash } from "node:crypto";
import { type ChatMessage, type ChatModel, Unanswerable } from "./chat.ts";
import type { ActionJudge, Turn, Verdict } from "./judge.ts";
import {
  answerSchema,
  askedAgain,
  PROMPT_VERSION,
  type PromptOptions,
  type RenderedTurn,
  renderTurn,
} from "./prompt.ts";
import { readScores } from "./readScores.ts";
import type { Scored, VerdictCache } from "./verdictCache.ts";

/** Answers to one turn that are read before it is skipped. */
const MOST_ANSWERS = 3;

/** Turns, as they went so far. */
export interface JudgeCounts {
  /** For which the model was asked, however often. */
  asked: number;
  /** Whose scores were in the cache. */
  cached: number;
  /** Without a verdict. */
  skipped: number;
}

export class LanguageModelJudge implements ActionJudge {
  readonly identity: string;
  readonly counts: JudgeCounts = { asked: 0, cached: 0, skipped: 0 };
  readonly #model: ChatModel;
  readonly #options: PromptOptions;
  readonly #cache: VerdictCache | undefined;
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;
  /** Turns that are being asked about, by key: their twins wait for the cache. */
  readonly #open = new Map<string, Promise<unknown>>();

  /** @param cache closed with the judge */
  constructor(model: ChatModel, options: PromptOptions, cache?: VerdictCache) {
    this.identity = judgeIdentity(model, options);
    this.#model = model;
    this.#options = options;
    this.#cache = cache;
  }

  async judge(turn: Turn, signal: AbortSignal): Promise<Verdict> {
    const wanted = AbortSignal.any([signal, this.#closing.signal]);
    wanted.throwIfAborted();
    const rendered = renderTurn(turn, this.#options);
    if (rendered.shown.length === 0) return { kind: "scores", scores: turn.candidates.map(() => 0) };
    const outcome = this.#cache
      ? await this.#remembered(this.#cache, rendered, wanted)
      : await this.#ask(rendered, wanted);
    if ("why" in outcome) {
      this.counts.skipped++;
      return { kind: "skipped", why: outcome.why };
    }
    return verdict(turn, rendered, outcome);
  }

  /** Cancels what is asked. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#open.values());
    await this.#model.close();
    await this.#cache?.close();
  }

  async #remembered(cache: VerdictCache, rendered: RenderedTurn, signal: AbortSignal): Promise<Outcome> {
    const key = keyOf(this.identity, rendered);
    for (let twin = this.#open.get(key); twin; twin = this.#open.get(key)) {
      await Promise.race([twin.catch(() => {}), aborted(signal)]);
      signal.throwIfAborted();
    }
    const known = cache.get(key, rendered.shown.length);
    if (known) {
      this.counts.cached++;
      return known;
    }
    const asked = this.#ask(rendered, signal).then(async (outcome) => {
      if ("scores" in outcome) await cache.put(key, outcome);
      return outcome;
    });
    this.#open.set(key, asked);
    try {
      return await asked;
    } finally {
      this.#open.delete(key);
    }
  }

  async #ask({ messages, shown }: RenderedTurn, signal: AbortSignal): Promise<Outcome> {
    this.counts.asked++;
    let conversation: readonly ChatMessage[] = messages;
    let fault = "";
    for (let answers = 0; answers < MOST_ANSWERS; answers++) {
      try {
        const answer = await this.#model.complete({ messages: conversation, schema: answerSchema() }, signal);
        const reading = readScores(answer, shown.length);
        if ("scores" in reading) return reading;
        fault = reading.fault;
        conversation = askedAgain(messages, fault);
      } catch (error) {
        if (!(error instanceof Unanswerable)) throw error;
        return { why: error.message };
      }
    }
    return { why: `the judge gave ${MOST_ANSWERS} answers that cannot be used; of the last one, ${fault}` };
  }
}

type Outcome = Scored | { why: string };

/** What a judge of this model is called in records. */
export function judgeIdentity(model: Pick<ChatModel, "identity">, { showAnswers }: PromptOptions): string {
  return `${model.identity}, prompt ${PROMPT_VERSION}${showAnswers ? " with the right answers" : ""}`;
}

/** Candidates that were not shown are broken, and a broken action is worth nothing. */
function verdict(turn: Turn, { shown }: RenderedTurn, { scores, reasons }: Scored): Verdict {
  const all = turn.candidates.map(() => 0);
  const why = turn.candidates.map((candidate) => (candidate.kind === "broken" ? candidate.fault : ""));
  for (const [number, place] of shown.entries()) {
    all[place] = scores[number] ?? 0;
    why[place] = reasons[number] ?? "";
  }
  return { kind: "scores", scores: all, reasons: why };
}

/** Content hash of all that the scores depend on. */
function keyOf(identity: string, { messages }: RenderedTurn): string {
  return createHash("sha256")
    .update(JSON.stringify([identity, messages]))
    .digest("hex");
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
