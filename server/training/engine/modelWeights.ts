/** The weights of a Hugging Face model directory as one view, whether they lie in one file or in shards. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import { plain, showValue } from "../../toolcalls/display.ts";
import { openSafetensors, type SafetensorsFile, type TensorData } from "./safetensors.ts";
import type { TensorEntry } from "./safetensorsHeader.ts";

const singleName = "model.safetensors";
const indexName = "model.safetensors.index.json";
/** Weights in pickles, which may hold any program: they are not opened, but named. */
const pickles = ["pytorch_model.bin", "pytorch_model.bin.index.json"];

/** Bytes of two tensors that are compared at once. */
const PIECE = 1 << 20;

export class ModelWeights implements Disposable {
  readonly dir: string;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly #files: readonly SafetensorsFile[];
  /** Which file holds a tensor. */
  readonly #homes: ReadonlyMap<string, SafetensorsFile>;

  constructor(dir: string, files: readonly SafetensorsFile[], homes: ReadonlyMap<string, SafetensorsFile>) {
    this.dir = dir;
    this.#files = files;
    this.#homes = homes;
    this.tensors = new Map([...homes].map(([name, shard]) => [name, shard.tensors.get(name) as TensorEntry]));
  }

  /** Paths of the files that the tensors are in. */
  get files(): string[] {
    return this.#files.map(({ file }) => file);
  }

  /** Reads one tensor into memory of its own. */
  read(name: string): TensorData {
    return this.#home(name).read(name);
  }

  /** Reads one float tensor as f32 into an array of its length, without a second copy. */
  readFloats(name: string, into: Float32Array): void {
    this.#home(name).readFloats(name, into);
  }

  /** Whether two tensors have the same type, shape and bytes. */
  same(one: string, other: string): boolean {
    const [a, b] = [this.tensors.get(one), this.tensors.get(other)];
    if (a?.dtype !== b?.dtype || a?.shape.join() !== b?.shape.join()) return false;
    const others = this.#home(other).pieces(other, PIECE);
    for (const piece of this.#home(one).pieces(one, PIECE)) {
      const { value } = others.next();
      if (value === undefined || Buffer.compare(piece, value) !== 0) return false;
    }
    return true;
  }

  #home(name: string): SafetensorsFile {
    const home = this.#homes.get(name);
    if (!home)
      throw new InputError(`the model in ${this.dir} has no tensor "${plain(name)}".`, {
        file: this.dir,
        key: plain(name),
      });
    return home;
  }

  close(): void {
    for (const file of this.#files) file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** `weight_map` of the index: tensor name to shard file. Other keys (total_size) are of no use here. */
function readWeightMap(index: string): Map<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(index, "utf8"));
  } catch (error) {
    throw new InputError(`${index} is not JSON: ${plain((error as Error).message, 200)}`, { file: index });
  }
  const map = (value as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null || Array.isArray(map)) {
    throw new InputError(`${index} has no weight_map object.`, { file: index, key: "weight_map" });
  }
  for (const [name, shard] of Object.entries(map as Record<string, unknown>)) {
    // A shard is a sibling of its index: a path would let a downloaded model read any file.
    if (typeof shard !== "string" || shard === "" || basename(shard) !== shard || shard.includes("\\")) {
      throw new InputError(
        `${index} gives ${showValue(shard)} for "${plain(name)}"; a file name in the same folder is needed.`,
        {
          file: index,
          key: `weight_map.${plain(name)}`,
        },
      );
    }
  }
  return new Map(Object.entries(map as Record<string, string>));
}

function openShards(dir: string, index: string): ModelWeights {
  const shards = new Map<string, SafetensorsFile>();
  const homes = new Map<string, SafetensorsFile>();
  try {
    for (const [name, shardName] of readWeightMap(index)) {
      const path = join(dir, shardName);
      if (!shards.has(shardName) && !existsSync(path)) {
        throw new InputError(`shard ${plain(shardName)} is missing in ${dir}, but ${indexName} places tensors in it.`, {
          file: index,
          key: `weight_map.${plain(name)}`,
        });
      }
      const shard = shards.get(shardName) ?? openSafetensors(path);
      shards.set(shardName, shard);
      if (!shard.tensors.has(name)) {
        throw new InputError(`${plain(path, 500)} has no tensor "${plain(name)}", but ${indexName} places it there.`, {
          file: path,
          key: plain(name),
        });
      }
      homes.set(name, shard);
    }
  } catch (error) {
    for (const shard of shards.values()) shard.close();
    throw error;
  }
  return new ModelWeights(dir, [...shards.values()], homes);
}

/**
 * Opens `model.safetensors`, or the shards that `model.safetensors.index.json` lists; the caller closes it. Nothing but
 * headers is read before a tensor is asked for.
 *
 * @throws InputError where neither is there, a shard or a tensor is missing, or a header lies
 */
export function openModelWeights(dir: string): ModelWeights {
  const single = join(dir, singleName);
  if (existsSync(single)) {
    const file = openSafetensors(single);
    return new ModelWeights(dir, [file], new Map([...file.tensors.keys()].map((name) => [name, file])));
  }
  const index = join(dir, indexName);
  if (existsSync(index)) return openShards(dir, index);
  const pickle = pickles.find((name) => existsSync(join(dir, name)));
  if (pickle !== undefined) {
    throw new InputError(
      `The weights are in ${pickle}, a format that can run programs; save the model as safetensors.`,
      {
        file: join(dir, pickle),
      },
    );
  }
  throw new InputError(
    `There is neither ${singleName} nor ${indexName} here; give a Hugging Face model directory that holds the weights.`,
    {
      file: dir,
    },
  );
}
