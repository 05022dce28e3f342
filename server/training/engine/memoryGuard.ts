/**
 * An engine that goes on where memory ran out: the call is made again with half of what goes through the network at once. Cutting a
 * mini-batch differently changes rounding alone, so what is cut is put on record with its place in the run, and a replay from a
 * checkpoint cuts at the same place.
 */
import { InputError } from "../../../schemas/problem.ts";
import type {
  Completion,
  EngineInfo,
  EngineLimits,
  Group,
  PolicyEngine,
  Prompt,
  Sampling,
  UpdateMetrics,
  UpdateRequest,
} from "./policyEngine.ts";
import { EngineLost, isOutOfMemory } from "./remote/errors.ts";

/** Kind of the event that a cut leaves in the store. */
export const MEMORY_CUT = "memory-cut";

/** A place among the calls of a run: the last complete step, whether its checkpoint is written, and the calls since. */
export type CallPlace = readonly [step: number, saved: 0 | 1, call: number];

/** From this call on, no more than these go through at once. */
export interface MemoryCut {
  place: CallPlace;
  limits: EngineLimits;
}

export interface Cuts {
  known: readonly MemoryCut[];
  /** Puts it on record before the call is made again. */
  remember(cut: MemoryCut, sentence: string): void;
}

/** A micro-batch of so few tokens is a single completion nearly everywhere. */
const LEAST_TOKENS = 64;

const isBefore = (a: CallPlace, b: CallPlace): boolean =>
  a[0] !== b[0] ? a[0] < b[0] : a[1] !== b[1] ? a[1] < b[1] : a[2] < b[2];

export class MemoryGuard implements PolicyEngine {
  readonly info: EngineInfo;
  readonly #engine: PolicyEngine;
  readonly #step: () => number;
  readonly #cuts: Cuts;
  readonly #known: MemoryCut[];
  readonly #whole: EngineLimits;
  #current: EngineLimits;
  #place: CallPlace;

  /**
   * @param limits that the engine was made with
   * @param step last complete step
   * @param resumed whether the run goes on from a checkpoint, whose own calls are not made again
   */
  constructor(engine: PolicyEngine, limits: EngineLimits, step: () => number, resumed: boolean, cuts: Cuts) {
    this.info = engine.info;
    this.#engine = engine;
    this.#whole = limits;
    this.#current = limits;
    this.#step = step;
    this.#cuts = cuts;
    this.#known = [...cuts.known];
    this.#place = [step(), resumed ? 1 : 0, 0];
  }

  async *generate(prompts: Prompt[], n: number, sampling: Sampling, signal?: AbortSignal): AsyncGenerator<Completion> {
    for (;;) {
      await this.#settle();
      let drawn = 0;
      try {
        for await (const completion of this.#engine.generate(prompts, n, sampling, signal)) {
          drawn++;
          yield completion;
        }
        return this.#done();
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        const { microBatchTokens, maxSequences } = this.#current;
        if (maxSequences <= n) throw nothingLeft("sampling", "settings.lengths or settings.sampling.groupSize");
        const halved = Math.max(n, Math.floor(maxSequences / 2));
        const sentence = `Memory ran out while sampling: ${halved} sequences are decoded together from here on, in place of ${maxSequences}`;
        this.#cut({ microBatchTokens, maxSequences: halved }, sentence);
        // What was handed on already was drawn in larger company: only a replay of the whole call gives the bits that a resume will.
        if (drawn > 0) throw new EngineLost("The engine ran out of memory in the midst of sampling");
      }
    }
  }

  logprobs(
    groups: Group[],
    policy: "current" | "reference",
    temperature: number,
    signal?: AbortSignal,
  ): Promise<Float32Array[][]> {
    return this.#split("scoring", () => this.#engine.logprobs(groups, policy, temperature, signal));
  }

  values(groups: Group[], signal?: AbortSignal): Promise<Float32Array[][]> {
    return this.#split("scoring", () => this.#engine.values(groups, signal));
  }

  update(request: UpdateRequest, signal?: AbortSignal): Promise<UpdateMetrics> {
    return this.#split("the update", () => this.#engine.update(request, signal));
  }

  async save(dir: string): Promise<void> {
    await this.#engine.save(dir);
    this.#place = [this.#step(), 1, 0];
  }

  limit(limits: EngineLimits): Promise<void> {
    return this.#engine.limit(limits);
  }

  load(dir: string): Promise<void> {
    return this.#engine.load(dir);
  }

  exportModel(dir: string, dtype: "f32" | "bf16"): Promise<void> {
    return this.#engine.exportModel(dir, dtype);
  }

  exportAdapter(dir: string): Promise<void> {
    return this.#engine.exportAdapter(dir);
  }

  dispose(): Promise<void> {
    return this.#engine.dispose();
  }

  /** Makes a call that takes micro-batches, with half of them as often as memory runs out. */
  async #split<T>(what: string, call: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.#settle();
      try {
        const result = await call();
        this.#done();
        return result;
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        const { microBatchTokens, maxSequences } = this.#current;
        const halved = Math.floor(microBatchTokens / 2);
        if (halved < LEAST_TOKENS) throw nothingLeft(what, "settings.lengths");
        const sentence = `Memory ran out during ${what} after step ${this.#step()}: it is done again with micro-batches of ${halved} tokens in place of ${microBatchTokens}, which hold from here on`;
        this.#cut({ microBatchTokens: halved, maxSequences }, sentence);
      }
    }
  }

  #cut(limits: EngineLimits, sentence: string): void {
    const cut = { place: this.#place, limits };
    this.#cuts.remember(cut, sentence);
    this.#known.push(cut);
  }

  /** Sets what holds at this place. */
  async #settle(): Promise<void> {
    if (this.#place[0] !== this.#step()) this.#place = [this.#step(), 0, 0];
    const { microBatchTokens, maxSequences } = this.#inForce();
    if (microBatchTokens === this.#current.microBatchTokens && maxSequences === this.#current.maxSequences) return;
    this.#current = { microBatchTokens, maxSequences };
    await this.#engine.limit(this.#current);
  }

  #inForce(): EngineLimits {
    const cuts = this.#known.filter(({ place }) => !isBefore(this.#place, place));
    return {
      microBatchTokens: Math.min(this.#whole.microBatchTokens, ...cuts.map(({ limits }) => limits.microBatchTokens)),
      maxSequences: Math.min(this.#whole.maxSequences, ...cuts.map(({ limits }) => limits.maxSequences)),
    };
  }

  /** Calls that a pause breaks off are made again, and count once. */
  #done(): void {
    const [step, saved, call] = this.#place;
    this.#place = [step, saved, call + 1];
  }
}

function nothingLeft(what: string, settings: string): InputError {
  return new InputError(
    `Memory ran out during ${what} with as little at once as can be: lower ${settings}, free memory, or take a smaller model.`,
  );
}
