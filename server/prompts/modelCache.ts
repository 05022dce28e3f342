/**
 * The models that the Hugging Face tools have downloaded on this machine. Only read: nothing is ever downloaded, completed or removed here.
 *
 * A model lies in `models--org--name`: its files under `blobs`, and for each revision a folder of links to them under `snapshots`; `refs/main`
 * holds the revision that was downloaded last.
 */
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isJsonObject } from "../toolcalls/json.ts";
import { namesIn, textOf } from "../toolcalls/readable.ts";
import { optionalModelJson } from "./modelFile.ts";

export interface CachedModel {
  /** `org/name`, as on the hub. */
  id: string;
  /** The snapshot of its revision, a model directory; the model's own folder where there is no snapshot. */
  folder: string;
  /** Bytes of its weights. */
  bytes: number;
  /** Files that are missing; the model cannot be used where there is one. */
  missing: string[];
}

/** `org/name`, as the hub has it. */
const MODEL_ID = /^[\w.-]+\/[\w.-]+$/;
const PREFIX = "models--";

export const isModelId = (name: string): boolean => MODEL_ID.test(name) && !name.startsWith(".");

/** The cache's folder, as huggingface_hub finds it. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE;
  if (named) return expanded(named, env);
  const home = env.HF_HOME || join(env.XDG_CACHE_HOME || join(homeOf(env), ".cache"), "huggingface");
  return join(expanded(home, env), "hub");
}

const expanded = (path: string, env: NodeJS.ProcessEnv): string => path.replace(/^~(?=$|[\\/])/, () => homeOf(env));

const homeOf = (env: NodeJS.ProcessEnv): string =>
  (process.platform === "win32" ? env.USERPROFILE : env.HOME) || homedir();

/** All models of a cache, by name; none where there is no cache. */
export function cachedModels(cache: string): CachedModel[] {
  return namesIn(cache)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => modelIn(join(cache, name), name.slice(PREFIX.length).replaceAll("--", "/")))
    .sort((left, right) => (left.id < right.id ? -1 : 1));
}

/** Undefined where the cache has nothing of this name. */
export function cachedModel(id: string, cache: string): CachedModel | undefined {
  const folder = join(cache, PREFIX + id.replaceAll("/", "--"));
  return existsSync(folder) ? modelIn(folder, id) : undefined;
}

function modelIn(folder: string, id: string): CachedModel {
  const snapshot = snapshotOf(folder);
  if (snapshot === undefined) return { id, folder, bytes: 0, missing: ["config.json"] };
  const weights = namesIn(snapshot).filter((name) => name.endsWith(".safetensors"));
  const bytes = weights.reduce((sum, name) => sum + sizeOf(join(snapshot, name)), 0);
  return { id, folder: snapshot, bytes, missing: missingIn(snapshot) };
}

/** That of refs/main, else the one that was made last. */
function snapshotOf(folder: string): string | undefined {
  const snapshots = join(folder, "snapshots");
  const main = join(snapshots, textOf(join(folder, "refs", "main")).trim() || "none");
  if (existsSync(main)) return main;
  const all = namesIn(snapshots).map((name) => join(snapshots, name));
  return all.sort((left, right) => madeAt(right) - madeAt(left))[0];
}

/** A link to a file that was never finished leads nowhere. */
function missingIn(snapshot: string): string[] {
  const isThere = (name: string): boolean => existsSync(join(snapshot, name));
  const needed = isThere("config.json") ? [] : ["config.json"];
  if (isThere("model.safetensors")) return needed;
  const index = "model.safetensors.index.json";
  if (!isThere(index)) return [...needed, "model.safetensors"];
  return [...needed, ...shardsOf(snapshot, index).filter((name) => !isThere(name))];
}

function shardsOf(snapshot: string, index: string): string[] {
  try {
    const { weight_map: map } = optionalModelJson(snapshot, index);
    return isJsonObject(map) ? [...new Set(Object.values(map).filter((name) => typeof name === "string"))].sort() : [];
  } catch {
    return [index];
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
const madeAt = (folder: string): number => statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
