/** The tests of devices that the extension host asks for. Each runs in a process of its own, which a cancellation ends. */
import type { CancellationToken } from "vscode-jsonrpc/node";
import type { CheckedDevice, DeviceDecision, DeviceReport } from "../../../schemas/devices.ts";
import { checkDevices } from "../../../server/training/engine/onnx/devices/checkDevices.ts";
import { chooseDevice } from "../../../server/training/engine/onnx/devices/chooseDevice.ts";

export interface DeviceListener {
  stage(device: CheckedDevice, stage: string): void;
  report(report: DeviceReport): void;
}

/** Settles with what "auto" would take when the last report was told. */
export async function checkAll(
  devices: CheckedDevice[] | undefined,
  token: CancellationToken,
  { stage, report }: DeviceListener,
): Promise<DeviceDecision> {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const registration = token.onCancellationRequested(() => controller.abort());
  const reports: DeviceReport[] = [];
  try {
    const options = { signal: controller.signal, progress: stage, ...(devices ? { devices } : {}) };
    for await (const found of checkDevices(options)) {
      reports.push(found);
      report(found);
    }
    return chooseDevice(reports);
  } finally {
    registration.dispose();
  }
}
