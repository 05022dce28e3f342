/**
 * The fake engine on a machine where memory runs out: in the midst of step 2's sampling and in step 3's second update, unless so little
 * goes through at once. In step 5 it loses its device, once.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type {
  Completion,
  EngineLimits,
  PolicyEngine,
  Prompt,
  Sampling,
  UpdateMetrics,
  UpdateRequest,
} from "../engine/policyEngine.ts";
import type { EngineOptions } from "../engine/remote/messages.ts";
import { FakeEngine } from "./fakeEngine.ts";

class SmallMemoryEngine extends FakeEngine {
  #limits: EngineLimits;
  #step = 0;
  #updates = 0;
  readonly #lost: string;

  constructor(options: EngineOptions) {
    super(options);
    this.#limits = options;
    this.#lost = join(options.model, "..", "device-was-lost");
  }

  override async limit(limits: EngineLimits): Promise<void> {
    this.#limits = limits;
  }

  override async *generate(
    prompts: Prompt[],
    n: number,
    sampling: Sampling,
    signal?: AbortSignal,
  ): AsyncGenerator<Completion> {
    const step = prompts[0]?.key.step ?? 0;
    if (step !== this.#step) this.#updates = 0;
    this.#step = step;
    let drawn = 0;
    for await (const completion of super.generate(prompts, n, sampling, signal)) {
      if (++drawn > 5 && step === 2 && this.#limits.maxSequences > 100) throw new Error("std::bad_alloc");
      yield completion;
    }
  }

  override async update(request: UpdateRequest, signal?: AbortSignal): Promise<UpdateMetrics> {
    this.#updates++;
    if (this.#step === 3 && this.#updates > 1 && this.#limits.microBatchTokens > 1000)
      throw new Error("BFC Arena ran out of memory trying to allocate 1073741824 bytes");
    if (this.#step === 5 && !existsSync(this.#lost)) {
      writeFileSync(this.#lost, "");
      throw new Error("WebGPU device lost (1): the driver was reset");
    }
    return super.update(request, signal);
  }
}

export function createEngine(options: EngineOptions): Promise<PolicyEngine> {
  return Promise.resolve(new SmallMemoryEngine(options));
}
