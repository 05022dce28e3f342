/**
 * What an epoch of stored turns is learnt against: log-probabilities and values before its first update. Every checkpoint has it beside
 * the weights, so that a resume in the middle of an epoch goes on against the same numbers, which no later policy could give again.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { InputError } from "../../../schemas/problem.ts";
import { asFloat32, readSafetensors, type TensorData, writeSafetensors } from "../engine/safetensors.ts";
import type { StoredTurn } from "./data.ts";

/** Arrays run over all turns of the data set, and within one over the tokens of its completion. */
export interface Frozen {
  /** From 0; the epoch that froze it. */
  epoch: number;
  /** Under the policy that ratios are taken against. */
  oldLogprobs: Float32Array[];
  /** V of the state before each turn. */
  values: Float32Array;
  /** Under the reference policy, where a KL term needs them. */
  refLogprobs?: Float32Array[];
}

/** What a checkpoint's state says of it. */
export const FrozenMark = Type.Object({
  epoch: Type.Integer({ minimum: 0 }),
  sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
});
export type FrozenMark = Static<typeof FrozenMark>;

const FILE = "frozen.safetensors";

export const markOf = (frozen: Frozen): FrozenMark => ({ epoch: frozen.epoch, sha256: hashOf(tensorsOf(frozen)) });

/** Writes it into a folder that exists, and syncs it. */
export function writeFrozen(dir: string, frozen: Frozen): void {
  const tensors = [...tensorsOf(frozen)].map(([name, data]): [string, TensorData] => [
    name,
    { dtype: "F32", shape: [data.length], data },
  ]);
  writeSafetensors(join(dir, FILE), new Map(tensors));
}

/**
 * @param turns of the data set that it was frozen of
 * @throws InputError where the file is not what the mark says
 */
export function readFrozen(
  dir: string,
  { epoch, sha256 }: FrozenMark,
  turns: readonly Pick<StoredTurn, "completion">[],
): Frozen {
  const file = join(dir, FILE);
  const { tensors } = readSafetensors(file);
  // Others than we write are damage too.
  const floats = [...tensors].filter(([, { dtype }]) => dtype === "F32");
  const flat = new Map(floats.map(([name, tensor]) => [name, asFloat32(tensor)]));
  const [old, values, reference] = ["old", "values", "reference"].map((name) => flat.get(name));
  const tokens = turns.reduce((sum, { completion }) => sum + completion.length, 0);
  const fits = old?.length === tokens && values?.length === turns.length && (reference ?? old).length === tokens;
  if (!fits || hashOf(flat) !== sha256) {
    const sentence =
      "The checkpoint's old log-probabilities are damaged; remove its folder to go on from the one before.";
    throw new InputError(sentence, { file });
  }
  return {
    epoch,
    oldLogprobs: cut(old, turns),
    values: values.slice(),
    ...(reference && { refLogprobs: cut(reference, turns) }),
  };
}

function tensorsOf({ oldLogprobs, values, refLogprobs }: Frozen): Map<string, Float32Array> {
  const tensors = new Map([
    ["old", joined(oldLogprobs)],
    ["values", values],
  ]);
  if (refLogprobs) tensors.set("reference", joined(refLogprobs));
  return tensors;
}

function hashOf(tensors: ReadonlyMap<string, Float32Array>): string {
  const digest = createHash("sha256");
  for (const [name, { buffer, byteOffset, byteLength }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1)))
    digest.update(`${name} ${byteLength} `).update(new Uint8Array(buffer, byteOffset, byteLength));
  return digest.digest("hex");
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

function cut(all: Float32Array, turns: readonly Pick<StoredTurn, "completion">[]): Float32Array[] {
  let at = 0;
  return turns.map(({ completion }) => {
    const from = at;
    at += completion.length;
    return all.slice(from, at);
  });
}
