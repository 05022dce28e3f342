/** Select Device. */
import * as vscode from "vscode";
import type { DeviceChoice } from "../settingNames.ts";
import { chooseDevice, deviceChoice } from "../settings.ts";
import type { Workbench } from "./workbench.ts";

interface DeviceItem extends vscode.QuickPickItem {
  choice: DeviceChoice;
}

export async function selectDevice(_workbench: Workbench): Promise<void> {
  const chosen = deviceChoice();
  const items = deviceItems().map((item) =>
    item.choice === chosen ? { ...item, description: vscode.l10n.t("chosen now") } : item,
  );
  const title = vscode.l10n.t("What is to compute the next run?");
  const item = await vscode.window.showQuickPick(items, { title, placeHolder: title });
  if (item) await chooseDevice(item.choice);
}

function deviceItems(): DeviceItem[] {
  const { l10n } = vscode;
  return [
    { choice: "experiment", label: l10n.t("As the experiment says"), detail: l10n.t("The CPU where it says nothing.") },
    { choice: "cpu", label: l10n.t("CPU"), detail: l10n.t("Runs everywhere; a run can be repeated to the bit.") },
    {
      choice: "webgpu",
      label: l10n.t("WebGPU"),
      detail: l10n.t("The graphics card, by Direct3D 12, Metal or Vulkan."),
    },
  ];
}
