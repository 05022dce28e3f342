/** The fake engine on a disk that is full when the second checkpoint is written. */
import type { PolicyEngine } from "../engine/policyEngine.ts";
import type { EngineOptions } from "../engine/remote/messages.ts";
import { FakeEngine } from "./fakeEngine.ts";

class FullDiskEngine extends FakeEngine {
  #saves = 0;

  override async save(dir: string): Promise<void> {
    if (++this.#saves > 1) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    await super.save(dir);
  }
}

export function createEngine(options: EngineOptions): Promise<PolicyEngine> {
  return Promise.resolve(new FullDiskEngine(options));
}
