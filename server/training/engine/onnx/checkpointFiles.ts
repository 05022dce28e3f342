/** The optimizer's state in a checkpoint: both moments of every parameter and the count of steps. */
import { InputError } from "../../../../schemas/problem.ts";
import { openSafetensors, type TensorData, writeSafetensors } from "../safetensors.ts";
import type { OptimizerState } from "./adamw.ts";

/** @param shapes of the parameters that are trained */
export function saveOptimizer(path: string, optimizer: OptimizerState, shapes: ReadonlyMap<string, number[]>): void {
  const tensors = new Map<string, TensorData>();
  for (const [name, shape] of shapes) {
    const moments = optimizer.moments.get(name);
    if (moments === undefined) continue;
    tensors.set(`m.${name}`, { dtype: "F32", shape, data: moments.m });
    tensors.set(`v.${name}`, { dtype: "F32", shape, data: moments.v });
  }
  writeSafetensors(path, tensors, { step: String(optimizer.step) });
}

/** Restores what saveOptimizer wrote, into the arrays that are there. InputError where the file belongs to another policy. */
export function loadOptimizer(path: string, optimizer: OptimizerState): void {
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
  optimizer.step = step;
}
