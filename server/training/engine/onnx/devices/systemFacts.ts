/** What a machine says of its graphics drivers, gathered without opening any of them. */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { unresolvedLibraries } from "../cuda/linkedLibraries.ts";
import { CUDA_PROVIDER, installedSupport } from "../cuda/supportFolder.ts";
import { outputOf } from "./programOutput.ts";

/** A Vulkan driver's manifest (ICD): which library it names and whether that is there. */
export interface VulkanManifest {
  file: string;
  library: string | undefined;
  present: boolean;
}

export interface SystemFacts {
  platform: NodeJS.Platform;
  arch: string;
  /** Linux with a C library other than glibc, for which there is no build of the runtime. */
  musl: boolean;
  environment: Readonly<Record<string, string | undefined>>;
  container: boolean;
  /** The loader through which WebGPU reaches Vulkan drivers: libvulkan.so.1. */
  vulkanLoader: boolean;
  manifests: readonly VulkanManifest[];
  /** Manifests that an environment variable names and that are not there. */
  missingManifests: readonly string[];
  /** An NVIDIA kernel driver is loaded. */
  nvidia: boolean;
  /** Render nodes in /dev/dri, and those of them that this user may not open. */
  renderNodes: readonly string[];
  closedNodes: readonly string[];
  /** ONNX Runtime's CUDA provider is where the runtime looks for it. */
  cudaSupport: boolean;
  /** Libraries that the provider links and the linker does not find. */
  missingCuda: readonly MissingLibrary[];
}

export interface MissingLibrary {
  name: string;
  /** The same library in a version that is no substitute. */
  instead?: string;
}

/** The driver's library. */
export const DRIVER_LIBRARY = "libcuda.so.1";
/** What the provider links, as far as it can be said without it: which versions, it says itself. */
const LINKED = [DRIVER_LIBRARY, "libcudart.so", "libcublasLt.so", "libcublas.so", "libcurand.so"] as const;

/** Variables that name manifests, in the order in which the loader heeds them; the first that is set hides all other places. */
const MANIFEST_VARIABLES = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"] as const;
const DRIVER_VARIABLES = [
  ...MANIFEST_VARIABLES,
  "VK_ADD_DRIVER_FILES",
  "LD_LIBRARY_PATH",
  "NVIDIA_DRIVER_CAPABILITIES",
  "NVIDIA_VISIBLE_DEVICES",
] as const;

/** @param runtimeLibraries folder of the runtime's own libraries */
export async function systemFacts(
  runtimeLibraries: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<SystemFacts> {
  const linux = process.platform === "linux";
  const libraries = linux ? await linuxLibraries(env, runtimeLibraries) : () => undefined;
  const { manifests, missing } = linux ? vulkanManifests(env, libraries) : { manifests: [], missing: [] };
  const renderNodes = filesIn("/dev/dri").filter((file) => basename(file).startsWith("renderD"));
  return {
    platform: process.platform,
    arch: process.arch,
    musl: linux && filesIn("/lib").some((file) => basename(file).startsWith("ld-musl-")),
    environment: Object.fromEntries(DRIVER_VARIABLES.map((name) => [name, env[name]])),
    container: existsSync("/.dockerenv") || existsSync("/run/.containerenv") || env.container !== undefined,
    vulkanLoader: !linux || libraries("libvulkan.so.1") !== undefined,
    manifests,
    missingManifests: missing,
    nvidia: existsSync("/proc/driver/nvidia/version"),
    renderNodes,
    closedNodes: renderNodes.filter((file) => !mayOpen(file)),
    ...(linux ? await cudaFacts(env, runtimeLibraries, libraries) : { cudaSupport: false, missingCuda: [] }),
  };
}

async function cudaFacts(env: NodeJS.ProcessEnv, runtimeLibraries: string, libraries: FindLibrary) {
  const beside = existsSync(join(runtimeLibraries, CUDA_PROVIDER)) ? runtimeLibraries : undefined;
  const support = installedSupport(env) ?? beside;
  const missing =
    support === undefined
      ? LINKED.filter((name) => libraries(name) === undefined)
      : await unresolvedLibraries(join(support, CUDA_PROVIDER));
  const missingCuda = missing.map((name): MissingLibrary => {
    const other = libraries(name.replace(/\.so.*$/, ".so"));
    return other === undefined ? { name } : { name, instead: basename(other) };
  });
  return { cudaSupport: support !== undefined, missingCuda };
}

type FindLibrary = (name: string) => string | undefined;

/** Finds a library as the dynamic linker does: LD_LIBRARY_PATH, its cache, its usual folders. A name also finds its versions. */
async function linuxLibraries(env: NodeJS.ProcessEnv, runtimeLibraries: string): Promise<FindLibrary> {
  const folders = [
    ...(env.LD_LIBRARY_PATH ?? "").split(":").filter((folder) => folder !== ""),
    runtimeLibraries,
    ...["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib", "/usr/local/cuda/lib64"],
    ...["x86_64-linux-gnu", "aarch64-linux-gnu"].map((target) => `/usr/lib/${target}`),
  ];
  const cached = [...(await outputOf("/sbin/ldconfig", ["-p"])).matchAll(/=> (\/\S+)$/gm)].map(
    ([, file]) => file ?? "",
  );
  const files = [...folders.flatMap(filesIn), ...cached];
  return (name) => files.find((file) => basename(file) === name || basename(file).startsWith(`${name}.`));
}

/** The manifests that the loader reads, by its own rules (Vulkan-Loader, docs/LoaderDriverInterface.md, "Driver Discovery"). */
function vulkanManifests(env: NodeJS.ProcessEnv, libraries: FindLibrary) {
  const variable = MANIFEST_VARIABLES.find((name) => env[name]);
  const named = (value: string | undefined): string[] =>
    (value ?? "")
      .split(":")
      .filter((file) => file !== "")
      .flatMap((file) => (file.endsWith(".json") ? [file] : filesIn(file)));
  const wanted = variable ? named(env[variable]) : named(env.VK_ADD_DRIVER_FILES);
  const searched = variable ? [] : manifestFolders(env).flatMap(filesIn);
  const files = [...new Set([...wanted, ...searched])].filter((file) => file.endsWith(".json"));
  return {
    manifests: files.filter((file) => existsSync(file)).map((file) => readManifest(file, libraries)),
    missing: wanted.filter((file) => !existsSync(file)),
  };
}

function manifestFolders(env: NodeJS.ProcessEnv): string[] {
  const home = env.XDG_DATA_HOME ?? join(homedir(), ".local/share");
  const shared = (env.XDG_DATA_DIRS || "/usr/local/share:/usr/share").split(":");
  return [home, ...shared, "/usr/local/etc", "/etc"].map((folder) => join(folder, "vulkan/icd.d"));
}

function readManifest(file: string, libraries: FindLibrary): VulkanManifest {
  let library: string | undefined;
  try {
    library = /"library_path"\s*:\s*"([^"]+)"/.exec(readFileSync(file, "utf8"))?.[1];
  } catch {
    // one that cannot be read names no library
  }
  return { file, library, present: library !== undefined && isThere(library, file, libraries) };
}

/** A name without a folder is the linker's to find; a relative path is seen from the manifest. */
function isThere(library: string, manifest: string, libraries: FindLibrary): boolean {
  if (!library.includes("/")) return libraries(library) !== undefined;
  return existsSync(isAbsolute(library) ? library : resolve(dirname(manifest), library));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function mayOpen(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
