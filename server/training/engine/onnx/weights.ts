/** A policy's weights on the host: read from and written to safetensors under Hugging Face's names. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Type } from "@sinclair/typebox";
import { InputError } from "../../../../schemas/problem.ts";
import { check } from "../../../toolcalls/check.ts";
import { readJson } from "../../../toolcalls/documents.ts";
import { openModelWeights } from "../modelWeights.ts";
import { asFloat32, type TensorData, toBfloat16, writeSafetensors } from "../safetensors.ts";
import type { ModelConfig } from "./modelConfig.ts";
import { parameterShapes } from "./parameters.ts";

const FLOATS: ReadonlySet<string> = new Set(["F32", "F16", "BF16"]);

export type Weights = ReadonlyMap<string, Float32Array>;

/** Reads every parameter as float32. InputError where one is missing or its shape does not match config.json. */
export function loadWeights(dir: string, config: ModelConfig): Weights {
  using file = openModelWeights(dir);
  const weights = new Map<string, Float32Array>();
  for (const [name, shape] of parameterShapes(config)) {
    const entry = file.tensors.get(name);
    if (entry === undefined) {
      throw new InputError(`The weights lack the tensor ${name}, which the architecture in config.json needs.`, {
        file: dir,
      });
    }
    if (entry.shape.join() !== shape.join()) {
      const sizes = `[${entry.shape.join(", ")}] where config.json asks for [${shape.join(", ")}]`;
      throw new InputError(`The tensor ${name} has the shape ${sizes}.`, { file: dir });
    }
    if (!FLOATS.has(entry.dtype)) {
      throw new InputError(`The tensor ${name} holds ${entry.dtype} numbers; weights are F32, F16 or BF16.`, {
        file: dir,
        key: name,
      });
    }
    weights.set(name, asFloat32(file.read(name)));
  }
  return weights;
}

export function saveWeights(path: string, weights: Weights, config: ModelConfig, dtype: "f32" | "bf16"): void {
  const tensors = new Map<string, TensorData>();
  for (const [name, shape] of parameterShapes(config)) {
    const values = weights.get(name) as Float32Array;
    tensors.set(
      name,
      dtype === "f32" ? { dtype: "F32", shape, data: values } : { dtype: "BF16", shape, data: toBfloat16(values) },
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
