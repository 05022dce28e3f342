/** The fake engine, ending its process at every call of the second step: what a native crash that repeats looks like. */
import type { Completion, PolicyEngine, Prompt, Sampling } from "../engine/policyEngine.ts";
import type { EngineOptions } from "../engine/remote/messages.ts";
import { FakeEngine } from "./fakeEngine.ts";

class CrashingEngine extends FakeEngine {
  override generate(
    prompts: Prompt[],
    n: number,
    sampling: Sampling,
    signal?: AbortSignal,
  ): AsyncGenerator<Completion> {
    if (sampling.temperature > 0 && prompts.some(({ key }) => key.step === 2)) process.kill(process.pid, "SIGKILL");
    return super.generate(prompts, n, sampling, signal);
  }
}

export function createEngine(options: EngineOptions): Promise<PolicyEngine> {
  return Promise.resolve(new CrashingEngine(options));
}
