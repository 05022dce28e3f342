/** What a test of a device is doing, in words. */
import type { L10n } from "../l10n.ts";

/** @param stage as the test's process names it; a name that is not known is shown as it is */
export function stageText(stage: string, l10n: L10n): string {
  switch (stage) {
    case "opening":
      return l10n.t("opening");
    case "checking results":
      return l10n.t("checking results");
    case "measuring products":
      return l10n.t("measuring products");
    case "measuring copies":
      return l10n.t("measuring copies");
    case "placing operators":
      return l10n.t("placing operators");
    case "comparing a policy with the CPU's":
      return l10n.t("comparing a policy with the CPU's");
    case "training a small adapter":
      return l10n.t("training a small adapter");
    case "measuring half precision":
      return l10n.t("measuring half precision");
    default:
      return stage;
  }
}
