/** A value head in a checkpoint: a file of its own, since whoever runs the policy has no use for it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../../../schemas/problem.ts";
import { openSafetensors, type TensorData, writeSafetensors } from "../../safetensors.ts";
import type { Weights } from "../model/weights.ts";

type Shapes = ReadonlyMap<string, number[]>;

const fileIn = (dir: string): string => join(dir, "value_head.safetensors");

export function saveValueHead(dir: string, head: Weights, shapes: Shapes): void {
  const tensors = [...shapes].map(([name, shape]): [string, TensorData] => [
    name,
    { dtype: "F32", shape, data: head.get(name) as Float32Array },
  ]);
  writeSafetensors(fileIn(dir), new Map(tensors));
}

/**
 * Reads what saveValueHead wrote into the arrays that are there.
 *
 * @throws InputError where there is none, or one of another policy
 */
export function loadValueHead(dir: string, head: Weights, shapes: Shapes): void {
  if (!existsSync(fileIn(dir))) {
    throw new InputError("The checkpoint has no value head: the run that wrote it trained none; start a new run.", {
      file: fileIn(dir),
    });
  }
  using file = openSafetensors(fileIn(dir));
  for (const [name, shape] of shapes) {
    const entry = file.tensors.get(name);
    if (entry?.dtype !== "F32" || entry.shape.join() !== shape.join()) {
      throw new InputError(`The checkpoint's value head does not fit the policy: tensor ${name}.`, {
        file: fileIn(dir),
      });
    }
  }
  for (const [name, values] of head) file.readFloats(name, values);
}
