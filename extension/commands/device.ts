/** Select Device and Check Devices. */
import * as vscode from "vscode";
import { withoutIcons } from "../../server/toolcalls/display.ts";
import { isCancelled } from "../failures.ts";
import type { DeviceChoice } from "../settingNames.ts";
import { chooseDevice, deviceChoice } from "../settings.ts";
import { canTrain } from "./requirements.ts";
import type { Workbench } from "./workbench.ts";

interface DeviceItem extends vscode.QuickPickItem {
  choice: DeviceChoice;
}

export async function checkDevices({ context, devices }: Workbench): Promise<void> {
  if (canTrain(context)) await devices.check();
}

/** Offers the devices at once, and says what Automatic would take as soon as a test has told. */
export async function selectDevice({ devices, log }: Workbench): Promise<void> {
  const chosen = deviceChoice();
  const title = vscode.l10n.t("What is to compute the next run?");
  const pick = vscode.window.createQuickPick<DeviceItem>();
  const hidden = new vscode.CancellationTokenSource();
  const offer = (automatic: string): void => {
    const active = pick.activeItems[0]?.choice ?? chosen;
    pick.items = deviceItems(withoutIcons(automatic)).map((item) =>
      item.choice === chosen ? { ...item, description: vscode.l10n.t("chosen now") } : item,
    );
    pick.activeItems = pick.items.filter(({ choice }) => choice === active);
  };
  pick.title = title;
  pick.placeholder = title;
  offer(vscode.l10n.t("The best device that works. Testing what that is here …"));
  pick.busy = true;
  void devices.decision(hidden.token).then(
    ({ why }) => {
      if (!hidden.token.isCancellationRequested) offer(why);
      pick.busy = false;
    },
    (error: unknown) => {
      if (isCancelled(error)) return;
      log.error(error instanceof Error ? error : String(error));
      offer(vscode.l10n.t("The best device that works. The test failed; the log says why."));
      pick.busy = false;
    },
  );
  const choice = await new Promise<DeviceChoice | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]?.choice));
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
  hidden.cancel();
  hidden.dispose();
  pick.dispose();
  if (choice !== undefined) await chooseDevice(choice);
}

function deviceItems(automatic: string): DeviceItem[] {
  const { l10n } = vscode;
  return [
    { choice: "experiment", label: l10n.t("As the experiment says"), detail: l10n.t("The CPU where it says nothing.") },
    { choice: "auto", label: l10n.t("Automatic"), detail: automatic },
    { choice: "cpu", label: l10n.t("CPU"), detail: l10n.t("Runs everywhere; a run can be repeated to the bit.") },
    {
      choice: "webgpu",
      label: l10n.t("WebGPU"),
      detail: l10n.t("The graphics card, by Direct3D 12, Metal or Vulkan."),
    },
    {
      choice: "cuda",
      label: l10n.t("CUDA"),
      detail: l10n.t("An NVIDIA card without Vulkan, as in a container; Install CUDA Support comes first."),
    },
  ];
}
