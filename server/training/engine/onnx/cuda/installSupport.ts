/** Installing CUDA support: only where somebody asked for it, all of it or nothing. */
import { randomBytes } from "node:crypto";
import { copyFile, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../../../../schemas/problem.ts";
import { explainWriteError } from "../../../../store/diskErrors.ts";
import { runtimeVersion } from "../runtime/version.ts";
import { download, type Received } from "./download.ts";
import { findPackage } from "./feed.ts";
import { librariesIn, type System } from "./librariesIn.ts";
import type { ProviderPackage } from "./providerPackage.ts";
import type { Transport } from "./requests.ts";
import { cudaHome, installedSupport, RECORD, supportFolder } from "./supportFolder.ts";
import { unpack } from "./unpack.ts";

/** A staging folder that nobody has written to for so long was left behind. Milliseconds. */
const ABANDONED_MS = 24 * 3600 * 1000;
const STAGING = ".staging-";
const NOTHING = "nothing was installed";

export interface Installation extends Transport {
  /** Folder of onnxruntime-node. */
  runtime: string;
  system?: System;
  environment?: Readonly<Record<string, string | undefined>>;
  received?: Received;
  /** Called when everything has come. */
  unpacking?: () => void;
}

export interface Installed {
  folder: string;
  version: string;
  /** On disk. */
  bytes: number;
}

/**
 * Fetches the provider, unpacks it beside a copy of the runtime's library, and moves the folder to its place when it is whole.
 *
 * @throws InputError in one sentence where that cannot be done, or an AbortError where the signal says so; then nothing of it is left
 */
export async function installSupport(provider: ProviderPackage, installation: Installation): Promise<Installed> {
  const { environment = process.env, system = process } = installation;
  const home = cudaHome(environment);
  const staging = join(home, `${STAGING}${randomBytes(6).toString("hex")}`);
  await makeStaging(staging, home);
  try {
    await removeAbandoned(home);
    const { version, sizes } = await fetchInto(staging, provider, installation);
    const files = { ...sizes, ...(await copyRuntime(librariesIn(installation.runtime, system), staging)) };
    installation.signal?.throwIfAborted();
    const record = { runtime: runtimeVersion, package: provider.name, version, files };
    await writeFile(join(staging, RECORD), `${JSON.stringify(record, null, 2)}\n`);
    const folder = await putInPlace(staging, environment);
    return { folder, version, bytes: Object.values(files).reduce((sum, bytes) => sum + bytes, 0) };
  } catch (error) {
    throw explainWriteError(error, home, NOTHING);
  } finally {
    await rm(staging, { recursive: true, force: true });
    // Of a first attempt that failed; a folder with something in it stays.
    await rmdir(home).catch(() => {});
  }
}

/** Removes the support of all versions, and what is left of attempts. @returns bytes that were freed; undefined where there was none */
export async function removeSupport(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number | undefined> {
  const home = cudaHome(environment);
  const files = await readdir(home, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  try {
    await rm(home, { recursive: true, force: true });
  } catch (error) {
    throw explainWriteError(error, home, "some of it is still there");
  }
  return sizes.length === 0 ? undefined : sizes.reduce((sum, bytes) => sum + bytes, 0);
}

async function makeStaging(staging: string, home: string): Promise<void> {
  try {
    await mkdir(staging, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTDIR" && code !== "EEXIST") throw explainWriteError(error, home, NOTHING);
    throw new InputError(`${home} cannot be made (${code}); name another folder with XDG_DATA_HOME.`);
  }
}

async function fetchInto(
  staging: string,
  provider: ProviderPackage,
  { received, unpacking, ...transport }: Installation,
): Promise<{ version: string; sizes: Record<string, number> }> {
  const { version, url } = await findPackage(provider, transport);
  const archive = join(staging, "package.zip");
  await download(url, archive, transport, received);
  unpacking?.();
  const sizes = await unpack(archive, provider.files, staging, transport.signal);
  await rm(archive);
  return { version, sizes };
}

/** The library that looks for its providers beside itself. */
async function copyRuntime(from: string, to: string): Promise<Record<string, number>> {
  const name = (await readdir(from)).find((file) => /^libonnxruntime\.so/.test(file));
  if (name === undefined)
    throw new InputError(`There is no library of ONNX Runtime in ${from}: install ToolExpander again.`);
  await copyFile(join(from, name), join(to, name));
  return { [name]: (await stat(join(to, name))).size };
}

/** The folder appears whole. Where another process was quicker, its is kept. */
async function putInPlace(staging: string, environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const folder = supportFolder(environment);
  if (installedSupport(environment) === undefined) {
    await rm(folder, { recursive: true, force: true });
    try {
      await rename(staging, folder);
    } catch (error) {
      if (installedSupport(environment) === undefined) throw error;
    }
  }
  return folder;
}

async function removeAbandoned(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const folder = join(home, name);
    if (!name.startsWith(STAGING) || Date.now() - (await stat(folder)).mtimeMs < ABANDONED_MS) continue;
    await rm(folder, { recursive: true, force: true });
  }
}
