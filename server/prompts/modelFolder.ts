/** Which folder a model's name means: a path, or `org/name` in the cache of the Hugging Face tools. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { plain } from "../toolcalls/display.ts";
import { cachedModel, cacheFolder, isModelId } from "./modelCache.ts";

/** `problem` is one sentence with what to do, where no folder can be used. */
export type ModelFolder = { folder: string; problem?: undefined } | { folder?: undefined; problem: string };

/** @param base folder that a path is relative to; a path that exists counts before the cache */
export function modelFolder(name: string, base: string, cache: string = cacheFolder()): ModelFolder {
  const path = resolve(base, name);
  if (existsSync(path)) return { folder: path };
  if (!isModelId(name)) return { problem: `There is no folder "${plain(path, 300)}" that can be read.` };
  const model = cachedModel(name, cache);
  const download = `Download it with: hf download ${name} (nothing is downloaded from here)`;
  if (model === undefined) {
    const where = `neither the folder "${plain(path, 300)}" nor a model of this name in the Hugging Face cache, "${plain(cache, 300)}"`;
    return { problem: `There is ${where}. ${download}.` };
  }
  if (model.missing.length === 0) return { folder: model.folder };
  return { problem: `${incomplete(name, model.missing)} ${download}.` };
}

/** @param missing names of files, at least one */
export function incomplete(id: string, missing: readonly string[]): string {
  const [first = "", ...more] = missing;
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  return `The download of "${plain(id)}" is not complete: ${plain(first)}${others} ${more.length === 0 ? "is" : "are"} missing.`;
}
