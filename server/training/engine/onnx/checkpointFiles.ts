/** The optimizer's state in a checkpoint: both moments of every parameter, the count of steps, and the loss scale where there is one. */
import { InputError } from "../../../../schemas/problem.ts";
import type { LossScale } from "../../objectives/lossScaling.ts";
import { openSafetensors, type TensorData, writeSafetensors } from "../safetensors.ts";
import type { OptimizerState } from "./residence/adamw.ts";

/**
 * @param shapes of the parameters that are trained
 * @param scale of the next step, where products are float16
 */
export function saveOptimizer(
  path: string,
  optimizer: OptimizerState,
  shapes: ReadonlyMap<string, number[]>,
  scale?: LossScale,
): void {
  const tensors = new Map<string, TensorData>();
  for (const [name, shape] of shapes) {
    const moments = optimizer.moments.get(name);
    if (moments === undefined) continue;
    tensors.set(`m.${name}`, { dtype: "F32", shape, data: moments.m });
    tensors.set(`v.${name}`, { dtype: "F32", shape, data: moments.v });
  }
  const scaling = scale && { lossScale: String(scale.scale), stepsWithLossScale: String(scale.taken) };
  writeSafetensors(path, tensors, { step: String(optimizer.step), ...scaling });
}

/**
 * Restores what saveOptimizer wrote, into the arrays that are there.
 * @returns the loss scale; undefined where products were float32
 * @throws InputError where the file belongs to another policy
 */
export function loadOptimizer(path: string, optimizer: OptimizerState): LossScale | undefined {
  using file = openSafetensors(path);
  const step = Number(file.metadata.step);
  if (!Number.isInteger(step) || step < 0)
    throw new InputError("The optimizer's state does not say how many steps it has seen.", { file: path });
  for (const [name, moments] of optimizer.moments) {
    for (const kind of ["m", "v"] as const) {
      const tensor = `${kind}.${name}`;
      const entry = file.tensors.get(tensor);
      if (entry?.dtype !== "F32" || entry.byteLength !== moments[kind].byteLength) {
        throw new InputError(`The optimizer's state does not fit the policy: tensor ${tensor}.`, { file: path });
      }
      file.readFloats(tensor, moments[kind]);
    }
  }
  const scale = scaleIn(path, file.metadata);
  optimizer.step = step;
  return scale;
}

function scaleIn(path: string, { lossScale, stepsWithLossScale }: Record<string, string>): LossScale | undefined {
  if (lossScale === undefined) return undefined;
  const [scale, taken] = [Number(lossScale), Number(stepsWithLossScale)];
  if (Number.isInteger(Math.log2(scale)) && Number.isInteger(taken) && taken >= 0) return { scale, taken };
  throw new InputError("The optimizer's state does not say which power of two its loss scale is.", { file: path });
}
