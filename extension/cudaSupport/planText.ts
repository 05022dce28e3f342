/** What Install CUDA Support would do, in words. */
import type { InstallPlan } from "../../server/training/engine/onnx/cuda/installPlan.ts";
import { ROUGH_DOWNLOAD, ROUGH_FOLDER } from "../../server/training/engine/onnx/cuda/installPlan.ts";
import { sizeText } from "../../server/training/models/sizeText.ts";
import type { L10n } from "../l10n.ts";

export function planText({ what, from, folder, missing }: InstallPlan, l10n: L10n): string {
  const parts = [
    l10n.t("To fetch: {0}, from {1}, about {2}.", what, from, sizeText(ROUGH_DOWNLOAD)),
    l10n.t("To keep: {0}, about {1}.", folder, sizeText(ROUGH_FOLDER)),
    missing.length === 0
      ? l10n.t(
          "CUDA's own libraries have to be on this machine in the version that the provider wants; Check Devices then tells.",
        )
      : l10n.t("CUDA needs besides, and was not found: {0}. You can install them afterwards.", missing.join(", ")),
    l10n.t("WebGPU keeps weights on the card and is the better way wherever Vulkan works."),
  ];
  return parts.join("\n\n");
}

export const progressText = (received: number, total: number | undefined, l10n: L10n): string =>
  total === undefined
    ? l10n.t("{0} have come", sizeText(received))
    : l10n.t("{0} of {1} have come", sizeText(received), sizeText(total));
