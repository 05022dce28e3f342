/** `toolexpander install-cuda`: ONNX Runtime's CUDA provider, where somebody wants it. */
import http from "node:http";
import { InputError } from "../../schemas/problem.ts";
import { plain } from "../toolcalls/display.ts";
import {
  type InstallPlan,
  installPlan,
  ROUGH_DOWNLOAD,
  ROUGH_FOLDER,
} from "../training/engine/onnx/cuda/installPlan.ts";
import { installSupport, removeSupport } from "../training/engine/onnx/cuda/installSupport.ts";
import { librariesIn } from "../training/engine/onnx/cuda/librariesIn.ts";
import { type ProviderPackage, providerPackage } from "../training/engine/onnx/cuda/providerPackage.ts";
import type { Transport } from "../training/engine/onnx/cuda/requests.ts";
import { runtimePackage } from "../training/engine/onnx/cuda/runtimePackage.ts";
import { cudaHome } from "../training/engine/onnx/cuda/supportFolder.ts";
import { type SystemFacts, systemFacts } from "../training/engine/onnx/devices/systemFacts.ts";
import { sizeText } from "../training/models/sizeText.ts";
import { ExitCode } from "./exit.ts";
import { type Output, outputFor } from "./output.ts";

export interface InstallCudaOptions {
  yes?: boolean;
  remove?: boolean;
  withoutDriver?: boolean;
  json?: boolean;
}

/** In place of what is found on this machine. For tests. */
export interface Given extends Pick<Transport, "fetch" | "signal"> {
  runtime?: string;
  provider?: ProviderPackage;
  facts?: SystemFacts;
}

/** Without `yes` nothing is fetched and nothing written. @throws InputError where it cannot be installed, or was cancelled */
export async function installCudaCommand(options: InstallCudaOptions, given: Given = {}): Promise<ExitCode> {
  const output = outputFor(options.json ?? false);
  if (options.remove) return remove(output);
  const { runtime = runtimePackage() } = given;
  if (runtime === undefined)
    throw new InputError("ONNX Runtime is not installed: run npm ci in ToolExpander's folder.");
  const facts = given.facts ?? (await systemFacts(librariesIn(runtime, process)));
  const provider = given.provider ?? providerPackage(runtime, process);
  const plan = installPlan(provider, facts, options.withoutDriver ?? false);
  output.result({ event: "plan", ...told(plan) }, () => planText(plan, options.yes ?? false));
  if (plan.installed || !options.yes) return ExitCode.done;
  const { folder, version, bytes } = await install(plan, runtime, given, output);
  output.result(
    { event: "installed", folder, version, bytes },
    () => `It is in ${plain(folder, 500)} (${sizeText(bytes)}). Now: toolexpander devices cuda`,
  );
  return ExitCode.done;
}

async function remove(output: Output): Promise<ExitCode> {
  const folder = cudaHome();
  const freed = await removeSupport();
  output.result({ event: "removed", folder, bytes: freed ?? 0 }, () =>
    freed === undefined
      ? `There is no CUDA support in ${plain(folder, 500)}.`
      : `CUDA support was removed from ${plain(folder, 500)} (${sizeText(freed)}).`,
  );
  return ExitCode.done;
}

/** Ctrl-C leaves nothing behind. */
async function install({ provider }: InstallPlan, runtime: string, { fetch, signal }: Given, output: Output) {
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  process.once("SIGINT", cancel);
  signal?.addEventListener("abort", cancel, { once: true });
  // The first releases of Node 24 know no proxy, and those that do have to be asked.
  const withoutProxy = "setGlobalProxyFromEnv" in http ? http.setGlobalProxyFromEnv() : () => {};
  try {
    return await installSupport(provider, {
      runtime,
      signal: controller.signal,
      ...(fetch && { fetch }),
      received: progressOn(output),
      unpacking: () => output.say("Unpacking …"),
    });
  } catch (error) {
    if (controller.signal.aborted) throw new InputError("The installation was cancelled; nothing of it is left.");
    throw error;
  } finally {
    withoutProxy();
    process.off("SIGINT", cancel);
  }
}

/** Bytes between two lines where the size in all is not known. */
const STRIDE = 25e6;

/** A line for each tenth. */
function progressOn(output: Output): (received: number, total: number | undefined) => void {
  let last = 0;
  return (received, total) => {
    const part = Math.floor(total ? (10 * received) / total : received / STRIDE);
    if (part === last) return;
    last = part;
    output.say(total ? `${sizeText(received)} of ${sizeText(total)} have come` : `${sizeText(received)} have come`);
  };
}

const told = ({ what, from, folder, installed, missing }: InstallPlan) => ({ what, from, folder, installed, missing });

function planText({ what, from, folder, installed, missing }: InstallPlan, yes: boolean): string {
  if (installed) return `CUDA support is installed already, in ${plain(folder, 500)}; --remove removes it.`;
  return [
    `To fetch: ${plain(what, 200)}, from ${plain(from, 200)}, about ${sizeText(ROUGH_DOWNLOAD)}.`,
    `To keep: ${plain(folder, 500)}, about ${sizeText(ROUGH_FOLDER)}.`,
    missing.length === 0
      ? 'CUDA\'s own libraries have to be on this machine in the version that the provider wants; "toolexpander devices cuda" then tells.'
      : `CUDA needs besides, and was not found: ${missing.join(", ")}.`,
    "WebGPU keeps weights on the card and is the better way wherever Vulkan works.",
    ...(yes ? [] : ["Nothing was fetched: --yes fetches it."]),
  ].join("\n");
}
