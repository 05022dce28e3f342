/** A stopped run with real checkpoints, without having trained: what it exports is known. */
import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { ADAPTER_DEFAULTS } from "../../../schemas/adapter.ts";
import { updateRunRecord } from "../../store/runFolder.ts";
import { writeCheckpoint } from "../checkpoint.ts";
import { readModelConfig } from "../engine/onnx/model/modelConfig.ts";
import { ownMemory } from "../engine/onnx/model/weights.ts";
import { openPolicy } from "../engine/onnx/openPolicy.ts";
import { goldenAdapter, goldenDir, goldenLora } from "../engine/onnx/testing/golden.ts";
import { createRun } from "../newRun.ts";
import { fakeExperiment } from "./harness.ts";

export interface CheckpointedRun {
  folder: string;
  /** Its own copy of the model directory. */
  model: string;
}

/**
 * A run of a golden model whose checkpoint of step n has every trained number multiplied by n + 1.
 * @param kind what it trains: all weights of "tied", or the golden adapter of "lora"
 */
export async function checkpointedRun(
  t: TestContext,
  kind: "full" | "adapter",
  steps: readonly number[],
): Promise<CheckpointedRun> {
  const experiment = fakeExperiment(t);
  const golden = kind === "full" ? "tied" : "lora";
  const model = join(dirname(experiment.file), "policy");
  cpSync(goldenDir(golden), model, { recursive: true, filter: (path) => !path.includes("adapter") });
  const lora = kind === "adapter" ? goldenLora("lora") : undefined;
  const adapter = lora
    ? { ...ADAPTER_DEFAULTS, ...lora, targets: [...lora.targets], kind: "lora" as const }
    : ADAPTER_DEFAULTS;
  const folder = createRun({ ...experiment, model, settings: { ...experiment.settings, adapter } });
  updateRunRecord(folder, { state: "stopped" });
  const config = readModelConfig(model);
  for (const step of steps) {
    const options = { model, ...(lora && { adapter: lora, initialAdapter: goldenAdapter("lora") }) };
    const policy = openPolicy(options, config, ownMemory);
    for (const values of policy.trained.values()) for (const i of values.keys()) (values[i] as number) *= step + 1;
    await writeCheckpoint(folder, { step, optimizerStep: step, state: {} }, steps.length, async (dir) =>
      policy.save(dir),
    );
  }
  return { folder, model };
}
