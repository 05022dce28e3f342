/** A policy's weights on the host: read from and written to safetensors under Hugging Face's names. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Type } from "@sinclair/typebox";
import { InputError } from "../../../../../schemas/problem.ts";
import { check } from "../../../../toolcalls/check.ts";
import { readJson } from "../../../../toolcalls/documents.ts";
import { openModelWeights } from "../../modelWeights.ts";
import { type LateTensor, toBfloat16, writeSafetensors } from "../../safetensors.ts";
import { elements } from "../../shapes.ts";
import type { ModelConfig } from "./modelConfig.ts";
import { parameterShapes } from "./parameters.ts";
import { tensorSources } from "./tensorSources.ts";

export type Weights = ReadonlyMap<string, Float32Array>;

/** Numbers, the bits of float16 ones, or the bytes that numbers are kept in. */
export type InputArray = Float32Array | Uint16Array | Uint8Array;

/** Parameters as graphs read them. */
export type Inputs = ReadonlyMap<string, InputArray>;

/** Makes an array of zeros in some kind of memory. */
export type Allocate = (length: number) => Float32Array;

export const ownMemory: Allocate = (length) => new Float32Array(length);
/** Other threads may read it too. */
export const sharedMemory: Allocate = (length) =>
  new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));

/** The same numbers in memory of that kind. */
export function placed(weights: Weights, allocate: Allocate): Weights {
  if (allocate === ownMemory) return weights;
  return new Map(
    [...weights].map(([name, values]) => {
      const copy = allocate(values.length);
      copy.set(values);
      return [name, copy];
    }),
  );
}

/**
 * Reads every parameter as float32, into the arrays of `into` where it is given. What the files say of all tensors is
 * checked before the first is read.
 *
 * @throws InputError where a tensor is missing, has a shape or type that does not match config.json, or belongs to another
 * architecture
 */
export function loadWeights(dir: string, config: ModelConfig, into?: Weights): Weights {
  return new Map(readWeights(dir, config, (name, length) => into?.get(name) ?? new Float32Array(length)));
}

/** The same, one parameter after another, each in the array that `place` has for so many numbers of that name. */
export function* readWeights(
  dir: string,
  config: ModelConfig,
  place: (name: string, length: number) => Float32Array,
): Generator<[string, Float32Array]> {
  using file = openModelWeights(dir);
  const sources = tensorSources(file, config);
  for (const [name, shape] of parameterShapes(config)) {
    const values = place(name, elements(shape));
    file.readFloats(sources.get(name) ?? name, values);
    yield [name, values];
  }
}

/** Weights are asked for one after another, so that those which are made for it never exist all at once. */
export function saveWeights(
  path: string,
  weights: Pick<Weights, "get">,
  config: ModelConfig,
  dtype: "f32" | "bf16",
): void {
  const tensors = new Map<string, LateTensor>();
  for (const [name, shape] of parameterShapes(config)) {
    const values = () => weights.get(name) as Float32Array;
    tensors.set(
      name,
      dtype === "f32"
        ? { dtype: "F32", shape, make: values }
        : { dtype: "BF16", shape, make: () => toBfloat16(values()) },
    );
  }
  writeSafetensors(path, tensors, { format: "pt" });
}

const Tokens = Type.Union([Type.Integer({ minimum: 0 }), Type.Array(Type.Integer({ minimum: 0 }))]);
const Endings = Type.Object({ eos_token_id: Type.Optional(Tokens) });

/** Ids that end a completion, from generation_config.json or else config.json. */
export function endTokens(dir: string): ReadonlySet<number> {
  for (const name of ["generation_config.json", "config.json"]) {
    const file = join(dir, name);
    if (!existsSync(file)) continue;
    const { eos_token_id: ids } = check<{ eos_token_id?: number | number[] }>(Endings, readJson(file));
    if (ids !== undefined) return new Set([ids].flat());
  }
  throw new InputError(
    "No eos_token_id says which token ends a completion; add it to generation_config.json or config.json.",
    { file: dir },
  );
}
