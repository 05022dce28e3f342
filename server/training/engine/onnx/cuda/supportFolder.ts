/**
 * Where CUDA support lies: a copy of the runtime's library with its CUDA provider beside it, since the runtime looks for providers nowhere
 * else. In the user's own folder, so that it outlives updates of the extension and works where that is read-only, and by the runtime's
 * version, since neither library works with another version's.
 */
import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Type } from "@sinclair/typebox";
import { follows } from "../../../../toolcalls/check.ts";
import { runtimeVersion } from "../runtime/version.ts";

/** What was installed. Written last, so that a folder without it is none. */
export const SupportRecord = Type.Object(
  {
    runtime: Type.String(),
    package: Type.String(),
    version: Type.String(),
    /** Bytes of each file. */
    files: Type.Record(Type.String(), Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);

export const RECORD = "support.json";
export const CUDA_PROVIDER = "libonnxruntime_providers_cuda.so";

type Environment = Readonly<Record<string, string | undefined>>;

/** Folder of the support of all versions. */
export function cudaHome({ XDG_DATA_HOME }: Environment = process.env): string {
  return join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "toolexpander", "cuda");
}

/** Folder of this runtime's support, whether it is there or not. */
export const supportFolder = (environment: Environment = process.env): string =>
  join(cudaHome(environment), runtimeVersion);

/** The same where support is installed and whole; undefined where it is not: a library that was cut off ends the process that loads it. */
export function installedSupport(environment: Environment = process.env): string | undefined {
  const folder = supportFolder(environment);
  try {
    const record: unknown = JSON.parse(readFileSync(join(folder, RECORD), "utf8"));
    if (!follows(SupportRecord, record) || record.runtime !== runtimeVersion) return undefined;
    if (!(CUDA_PROVIDER in record.files)) return undefined;
    const whole = Object.entries(record.files).every(([name, bytes]) => statSync(join(folder, name)).size === bytes);
    return whole ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The environment of a process that computes with CUDA. The linker then takes the runtime's library from the folder of the support: the
 * binding's own search path (RUNPATH) comes after LD_LIBRARY_PATH. Products are float32's, since TF32, which the provider would take where
 * the card has it, keeps ten bits of each factor.
 */
export function cudaEnvironment(environment: Environment): NodeJS.ProcessEnv {
  const exact = { NVIDIA_TF32_OVERRIDE: "0", ...environment };
  const support = installedSupport(environment);
  if (support === undefined) return exact;
  const searched = [support, environment.LD_LIBRARY_PATH].filter((part) => part).join(":");
  return { ...exact, LD_LIBRARY_PATH: searched };
}
