/** Install CUDA Support, as far as it is loaded when somebody asks for it: what it would do, the person's yes, the progress. */
import * as vscode from "vscode";
import { type InstallPlan, installPlan } from "../../server/training/engine/onnx/cuda/installPlan.ts";
import { installSupport, removeSupport } from "../../server/training/engine/onnx/cuda/installSupport.ts";
import { librariesIn } from "../../server/training/engine/onnx/cuda/librariesIn.ts";
import { providerPackage } from "../../server/training/engine/onnx/cuda/providerPackage.ts";
import { systemFacts } from "../../server/training/engine/onnx/devices/systemFacts.ts";
import { sizeText } from "../../server/training/models/sizeText.ts";
import { showFailure } from "../failures.ts";
import { inform, withProgress } from "../window.ts";
import { planText, progressText } from "./planText.ts";

export interface CudaParts {
  /** Folder of onnxruntime-node. */
  runtime: string;
  log: vscode.LogOutputChannel;
  /** Tests the devices, and shows what comes of it. */
  check(): Promise<void>;
}

/** Says what would be fetched, and fetches it only after a yes. What fails is shown. */
export async function offerCudaSupport(parts: CudaParts): Promise<void> {
  try {
    const plan = await planHere(parts.runtime);
    await (plan.installed ? tellInstalled(plan, parts) : offer(plan, parts));
  } catch (error) {
    showFailure(error, parts.log);
  }
}

async function planHere(runtime: string): Promise<InstallPlan> {
  return installPlan(providerPackage(runtime, process), await systemFacts(librariesIn(runtime, process)), false);
}

async function offer(plan: InstallPlan, parts: CudaParts): Promise<void> {
  const install = vscode.l10n.t("Install");
  const question = vscode.l10n.t("Install ONNX Runtime's CUDA provider?");
  const options = { modal: true, detail: planText(plan, vscode.l10n) };
  if ((await inform(question, options, install)) !== install) return;
  const { folder, bytes } = await installShown(plan, parts.runtime);
  const check = vscode.l10n.t("Check Devices");
  const said = vscode.l10n.t(
    "CUDA support is in {0} ({1}). Check Devices tests whether it works.",
    folder,
    sizeText(bytes),
  );
  if ((await inform(said, check)) === check) await parts.check();
}

async function tellInstalled({ folder }: InstallPlan, { check }: CudaParts): Promise<void> {
  const [test, remove] = [vscode.l10n.t("Check Devices"), vscode.l10n.t("Remove")];
  const said = vscode.l10n.t("CUDA support is installed already, in {0}.", folder);
  const chosen = await inform(said, test, remove);
  if (chosen === test) await check();
  if (chosen !== remove) return;
  const freed = (await removeSupport()) ?? 0;
  void inform(vscode.l10n.t("CUDA support was removed ({0}).", sizeText(freed)));
}

function installShown({ provider }: InstallPlan, runtime: string) {
  const title = vscode.l10n.t("Installing CUDA support");
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    const subscription = token.onCancellationRequested(() => controller.abort());
    let told = 0;
    try {
      return await installSupport(provider, {
        runtime,
        signal: controller.signal,
        received: (received, total) => {
          const share = total ? Math.floor((100 * received) / total) : 0;
          progress.report({ message: progressText(received, total, vscode.l10n), increment: share - told });
          told = share;
        },
        unpacking: () => progress.report({ message: vscode.l10n.t("unpacking") }),
      });
    } finally {
      subscription.dispose();
    }
  });
}
