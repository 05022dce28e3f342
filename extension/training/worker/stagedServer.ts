/**
 * The training server that runs are started from: a copy of the extension's own, in the extension's storage. A run may go on
 * for days, and an update of the extension removes the folder it came from.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join, sep } from "node:path";
import { syncTree } from "../../../server/store/atomicFile.ts";
import { requireEngine } from "../../../server/training/engine/onnx/requireEngine.ts";

/** What the training server needs, from the extension's folder. */
const PROGRAMS = ["trainingServer.js", "engine.js", "decoderThread.js", "ownCode.js"];
const PACKAGES = ["onnxruntime-node", "onnxruntime-common"];

/** A copy that no run was started from for so long is removed. Milliseconds. */
const UNUSED_MS = 30 * 24 * 3600 * 1000;
/** Copying that was broken off this long ago will not be finished. Milliseconds. */
const ABANDONED_MS = 3600 * 1000;

export interface Staging {
  /** The extension's folder. */
  extension: string;
  /** Folder of the copies. */
  storage: string;
  version: string;
}

/**
 * Path of the server's first module in its copy, which is made where it is missing.
 *
 * @param copying called before anything is copied
 * @throws InputError where the extension has no engine for this system
 */
export async function stagedServer({ extension, storage, version }: Staging, copying: () => void): Promise<string> {
  const copy = join(storage, `${version}-${await contentKey(extension)}`);
  const entry = join(copy, "dist", "trainingServer.js");
  if (!existsSync(copy)) {
    copying();
    await makeCopy(extension, copy);
  }
  const now = new Date();
  await utimes(copy, now, now);
  await removeUnused(storage, copy);
  return entry;
}

/** Two builds of one version differ during development. */
async function contentKey(extension: string): Promise<string> {
  const hash = createHash("sha256");
  for (const program of PROGRAMS) hash.update(await readFile(join(extension, "dist", program)));
  return hash.digest("hex").slice(0, 12);
}

/** The copy appears whole: of two windows that make it at once, one's is kept. */
async function makeCopy(extension: string, copy: string): Promise<void> {
  const binaries = join(extension, "node_modules", "onnxruntime-node", "bin", "napi-v6");
  const system = join(process.platform, process.arch);
  requireEngine(join(extension, "node_modules", "onnxruntime-node"));
  const aside = `${copy}.tmp-${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(join(aside, "dist"), { recursive: true });
    // It says that the programs are ES modules.
    await cp(join(extension, "package.json"), join(aside, "package.json"));
    for (const program of PROGRAMS) await cp(join(extension, "dist", program), join(aside, "dist", program));
    for (const name of PACKAGES) {
      const from = join(extension, "node_modules", name);
      const wanted = (path: string): boolean => !path.startsWith(binaries + sep) || isOnTheWay(path, binaries, system);
      await cp(from, join(aside, "node_modules", name), { recursive: true, dereference: true, filter: wanted });
    }
    // A copy that is there is never made again: it must not be there with its files still in memory when the power goes.
    await syncTree(aside);
    await rename(aside, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Whether a path below the binaries leads to those of this system. */
function isOnTheWay(path: string, binaries: string, system: string): boolean {
  const inner = path.slice(binaries.length + 1);
  return inner === system || inner.startsWith(system + sep) || system.startsWith(inner + sep);
}

async function removeUnused(storage: string, kept: string): Promise<void> {
  for (const name of await readdir(storage)) {
    const folder = join(storage, name);
    if (folder === kept) continue;
    const age = Date.now() - (await stat(folder)).mtimeMs;
    if (age < (name.includes(".tmp-") ? ABANDONED_MS : UNUSED_MS)) continue;
    await rm(folder, { recursive: true, force: true });
  }
}
