/** An adapter on disk as PEFT writes and reads it: `adapter_config.json` and `adapter_model.safetensors`. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../../../../schemas/problem.ts";
import { writeJson } from "../../../../../store/atomicFile.ts";
import { plain } from "../../../../../toolcalls/display.ts";
import { type JsonDocument, readJson } from "../../../../../toolcalls/documents.ts";
import type { Lora } from "../../../lora.ts";
import { openSafetensors, type SafetensorsFile, type TensorData, writeSafetensors } from "../../../safetensors.ts";
import { FLOATS } from "../../../safetensorsHeader.ts";
import type { Weights } from "../../model/weights.ts";
import { ADAPTER_FILE, type BaseModel, metadataOf } from "./baseModel.ts";
import { type PeftAdapter, peftConfigOf, readPeftConfig } from "./peftConfig.ts";

const CONFIG_FILE = "adapter_config.json";
const PICKLE = "adapter_model.bin";
/** What PEFT's wrapper puts before the names of the model inside. */
const PREFIX = "base_model.model.";

/** @param shapes of every matrix in `adapter` */
export function writeAdapter(
  dir: string,
  lora: Lora,
  adapter: Weights,
  shapes: ReadonlyMap<string, number[]>,
  base: BaseModel,
): void {
  mkdirSync(dir, { recursive: true });
  const tensors = new Map<string, TensorData>();
  for (const [name, shape] of shapes) {
    tensors.set(PREFIX + name, { dtype: "F32", shape, data: adapter.get(name) as Float32Array });
  }
  writeJson(join(dir, CONFIG_FILE), peftConfigOf(lora, base.path));
  writeSafetensors(join(dir, ADAPTER_FILE), tensors, { format: "pt", ...metadataOf(base) });
}

/**
 * Reads an adapter into the arrays of `into`. Everything is checked before the first is read.
 *
 * @throws InputError where the directory holds no adapter, one that cannot be computed here, or another than `lora`
 */
export function readAdapter(dir: string, lora: Lora, into: Weights, shapes: ReadonlyMap<string, number[]>): void {
  const document = readJson(join(dir, CONFIG_FILE));
  checkSettings(readPeftConfig(document), lora, document);
  if (!existsSync(join(dir, ADAPTER_FILE)) && existsSync(join(dir, PICKLE))) {
    throw new InputError(`The adapter is in ${PICKLE}, a format that can run programs; save it as safetensors.`, {
      file: join(dir, PICKLE),
    });
  }
  using file = openSafetensors(join(dir, ADAPTER_FILE));
  checkTensors(file, shapes);
  for (const name of shapes.keys()) file.readFloats(PREFIX + name, into.get(name) as Float32Array);
}

/** The settings are what a run's record says of it: an adapter has to be what they say. */
function checkSettings(found: PeftAdapter, lora: Lora, document: JsonDocument): void {
  const pairs = [
    ["r", "rank", found.rank, lora.rank],
    ["lora_alpha", "alpha", found.alpha, lora.alpha],
    ["use_rslora", "rankStabilized", found.rankStabilized, lora.rankStabilized],
    ["target_modules", "targets", found.targets.join(", "), lora.targets.join(", ")],
  ] as const;
  const other = pairs.find(([, , there, here]) => there !== here);
  if (other === undefined) return;
  const [key, setting, there, here] = other;
  throw new InputError(
    `The adapter has ${there} here, where settings.adapter.${setting} is ${here}; make them the same.`,
    document.locate([key]),
  );
}

function checkTensors({ file, tensors }: SafetensorsFile, shapes: ReadonlyMap<string, number[]>): void {
  for (const [name, shape] of shapes) {
    const key = PREFIX + name;
    const entry = tensors.get(key);
    const fault =
      entry === undefined
        ? `The adapter lacks the tensor ${key}, which the model and target_modules ask for.`
        : entry.shape.join() !== shape.join()
          ? `The tensor ${key} has the shape [${plain(entry.shape.join(", "))}] where the model and r ask for [${shape.join(", ")}].`
          : FLOATS.has(entry.dtype)
            ? undefined
            : `The tensor ${key} holds ${entry.dtype} numbers; adapters are F32, F16 or BF16.`;
    if (fault !== undefined) throw new InputError(fault, { file, key });
  }
  const foreign = [...tensors.keys()].find((key) => !shapes.has(key.slice(PREFIX.length)) || !key.startsWith(PREFIX));
  if (foreign === undefined) return;
  throw new InputError(
    `The adapter holds the tensor ${plain(foreign)}, which this model has no place for: it belongs to another.`,
    { file, key: plain(foreign) },
  );
}
