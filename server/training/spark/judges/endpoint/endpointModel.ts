/** A model behind an OpenAI-compatible endpoint (POST <base URL>/chat/completions). */
import { InputError } from "../../../../../schemas/problem.ts";
import { plain } from "../../../../toolcalls/display.ts";
import { type ChatModel, type ChatRequest, Unanswerable } from "../chat.ts";
import { type Clock, systemClock } from "../clock.ts";
import { Patience } from "../patience.ts";
import { baseAddress } from "./address.ts";
import { exchange } from "./exchange.ts";
import { ALL_FEATURES, type Features, lacking, requestBody, simpler } from "./features.ts";
import { checkKey, withoutKey } from "./key.ts";
import type { Reply } from "./reply.ts";
import { type GateLimits, RequestGate } from "./requestGate.ts";

export interface EndpointOptions extends GateLimits {
  /** Base URL, as https://judge.example.invalid/v1. */
  url: string;
  model: string;
  key?: string | undefined;
  /** Time limit for a request, seconds. */
  seconds: number;
  clock?: Clock;
  /** Told of what the endpoint does without, and of long waits. */
  tell?: (sentence: string) => void;
}

/** Attempts at one request; fewer where something else than an endpoint seems to reply. */
const MOST_ATTEMPTS = 8;
const MOST_FOREIGN = 3;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** An endpoint that asks for a longer rest is left; the person decides when to go on. Milliseconds. */
const LONGEST_REST_MS = 15 * 60_000;
/** Waits from here on are told, milliseconds. */
const LONG_WAIT_MS = 10_000;

export class EndpointModel implements ChatModel {
  readonly identity: string;
  readonly #url: string;
  readonly #options: EndpointOptions;
  readonly #clock: Clock;
  readonly #gate: RequestGate;
  readonly #closing = new AbortController();
  readonly #patience = new Patience();
  #features = ALL_FEATURES;

  /** @throws InputError for an address or a key that cannot be used */
  constructor(options: EndpointOptions) {
    const base = baseAddress(options.url);
    if (options.key !== undefined) checkKey(options.key);
    this.#options = options;
    this.#url = `${base}/chat/completions`;
    this.#clock = options.clock ?? systemClock;
    this.#gate = new RequestGate(options, this.#clock);
    this.identity = `endpoint ${base}, model ${options.model}`;
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<string> {
    const wanted = AbortSignal.any([signal, this.#closing.signal]);
    for (let attempt = 1; ; ) {
      const features = this.#features;
      const reply = await this.#exchange(requestBody(this.#options.model, request, features), wanted);
      switch (reply.kind) {
        case "text":
          this.#patience.answered();
          return withoutKey(reply.text, this.#options.key);
        case "never":
          throw this.#fault(reply.why);
        case "refused":
          // Another request may have learnt meanwhile what this endpoint does without.
          if (features === this.#features && !this.#doWithout(features, reply.complaint)) this.#leave(reply.why);
          break;
        case "unusable":
          return this.#leave(reply.why, true);
        case "foreign":
        case "again":
          if (attempt === (reply.kind === "foreign" ? MOST_FOREIGN : MOST_ATTEMPTS)) this.#exhausted(reply, attempt);
          await this.#rest(reply, attempt++, wanted);
      }
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }

  async #exchange(body: string, signal: AbortSignal): Promise<Reply> {
    const leave = await this.#gate.enter(signal);
    try {
      const { key, seconds } = this.#options;
      return await exchange({ url: this.#url, key, body, limit: seconds * 1000 }, this.#clock, signal);
    } finally {
      leave();
    }
  }

  /** Asks for less from here on; false where the features are known to work, or nothing is left to do without. */
  #doWithout(features: Features, complaint: string): boolean {
    const next = this.#patience.isProven ? undefined : simpler(features, complaint);
    if (next === undefined) return false;
    this.#features = next;
    this.#options.tell?.(`The judge's endpoint refused a request; it is asked again with ${lacking(next)}.`);
    return true;
  }

  /** Waits before another attempt: as long as the endpoint asked for, or longer each time, by a random part of it. */
  async #rest(reply: Reply & { kind: "again" | "foreign" }, attempt: number, signal: AbortSignal): Promise<void> {
    const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
    const share = this.#clock.random();
    const after = reply.kind === "again" ? reply.after : undefined;
    if (after !== undefined && after > LONGEST_REST_MS) {
      throw this.#fault(`it wants no request for ${Math.ceil(after / 60_000)} minutes; go on then`);
    }
    // Half of it is certain: everybody's waits beginning at nothing would defeat them.
    const wait = after === undefined ? most * (0.5 + 0.5 * share) : after + FIRST_WAIT_MS * share;
    if (reply.kind === "again" && (reply.status === 429 || after !== undefined)) this.#gate.hold(wait);
    if (wait >= LONG_WAIT_MS) {
      this.#options.tell?.(`The judge's endpoint is given ${Math.round(wait / 1000)} s: ${this.#clean(reply.why)}.`);
    }
    await this.#clock.sleep(wait, signal);
  }

  #exhausted(reply: Reply & { kind: "again" | "foreign" }, attempts: number): never {
    // One question may make a server fail again and again; that others were answered tells it from a server that is down.
    if (this.#patience.isProven && (reply.kind === "foreign" || reply.status === 500)) this.#leave(reply.why);
    throw this.#fault(`${reply.why}, in ${attempts} attempts; go on when it is mended`);
  }

  /** @param isOfTheQuestion whether it says nothing about the endpoint even where no other question was answered yet */
  #leave(why: string, isOfTheQuestion = false): never {
    if (this.#patience.unanswered(isOfTheQuestion)) throw this.#fault(`${why}; check its address and the model`);
    throw new Unanswerable(`the judge's endpoint gave no answer: ${this.#clean(why)}`);
  }

  #fault(why: string): InputError {
    return new InputError(
      `the judge's endpoint ${this.#url} (model ${plain(this.#options.model)}) cannot judge: ${this.#clean(why)}.`,
    );
  }

  #clean(text: string): string {
    return withoutKey(text, this.#options.key);
  }
}
