/** The same small work for engines on two devices. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrainingDevice } from "../../../../../schemas/devices.ts";
import type { LearningGroup, LearningSignal, PolicyEngine, UpdateRequest } from "../../policyEngine.ts";
import { asFloat32, readSafetensors } from "../../safetensors.ts";
import { createOnnxEngine, type OnnxPolicyEngine } from "../engine.ts";
import { adaptedModels, goldenAdapter, goldenDir, goldenLora, goldenMiniBatch, readGolden } from "./golden.ts";
import { Random } from "./random.ts";

/** The beginnings of two golden groups: little work, since the tests' driver computes on the CPU. */
export const groupsOf = (model: string) =>
  goldenMiniBatch(readGolden(model))
    .slice(0, 2)
    .map(({ prompt, completions, signals }): LearningGroup => {
      const cut = <T extends Int32Array | Float32Array>(values: T) => values.slice(0, 3) as T;
      return {
        prompt: prompt.slice(-4),
        completions: completions.slice(0, 2).map(cut),
        signals: signals.slice(0, 2).map(({ weights, advantage, oldLogprobs, refLogprobs }) => ({
          advantage,
          weights: cut(weights),
          oldLogprobs: cut(oldLogprobs as Float32Array),
          refLogprobs: cut(refLogprobs as Float32Array),
        })),
      };
    });
export const requestOf = (model: string): UpdateRequest => ({
  groups: groupsOf(model),
  objective: { kind: "grpo", clipLow: 0.2, clipHigh: 0.28, beta: 0.05, kl: "k3", entropy: 0.01 },
  temperature: readGolden(model).temperature,
  learningRate: 1e-3,
});

/** The same with a value to learn at every token. */
export function valuedRequestOf(model: string): UpdateRequest {
  const { groups, objective, ...request } = requestOf(model);
  if (objective.kind !== "grpo") throw new Error("The request's objective is GRPO's");
  const random = new Random(51);
  const valued = ({ weights, ...signal }: LearningSignal): LearningSignal => {
    const old = random.normals(weights.length, 0.1);
    return { ...signal, weights, values: { old, targets: random.normals(weights.length, 1, 1), weights } };
  };
  return {
    ...request,
    groups: groups.map((group) => ({ ...group, signals: group.signals.map(valued) })),
    objective: { ...objective, kind: "ppo", valueCoefficient: 0.5, valueClip: 0.2 },
    valueLearningRate: 0.1,
  };
}

const isAdapted = (model: string) => adaptedModels.some((name) => name === model);

export function open(model: string, device: TrainingDevice, valueHead = false): Promise<OnnxPolicyEngine> {
  return createOnnxEngine({
    valueHead,
    model: goldenDir(model),
    ...(isAdapted(model) && { adapter: { ...goldenLora(model), dropout: 0.2 }, initialAdapter: goldenAdapter(model) }),
    device,
    threads: 2,
    microBatchTokens: 10,
    // A large ε: the step then follows the gradient's size too, not its sign alone.
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 0.1, weightDecay: 0.1, maxGradNorm: 1 },
  });
}

export async function weightsOf(engine: PolicyEngine): Promise<Map<string, Float32Array>> {
  const dir = mkdtempSync(join(tmpdir(), "webgpu-"));
  try {
    await engine.save(dir);
    const saved = readdirSync(dir).filter((name) => /(model|value_head)\.safetensors$/.test(name));
    const tensors = saved.flatMap((name) => [...readSafetensors(join(dir, name)).tensors]);
    return new Map(tensors.map(([name, tensor]) => [name, asFloat32(tensor)]));
  } finally {
    rmSync(dir, { recursive: true });
  }
}
