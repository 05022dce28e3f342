/** Tests of the machine's devices, as a document that fills while they go on. Text, which every reader and every theme knows. */
import * as vscode from "vscode";
import type { DeviceDecision, DeviceReport } from "../../schemas/devices.ts";
import { deviceName, reportDocument } from "../../server/training/engine/onnx/devices/reportText.ts";
import type { Runs } from "../status/runs.ts";
import { withProgress } from "../window.ts";
import { stageText } from "./stageText.ts";

const SCHEME = "toolexpander-devices";

export class DeviceChecks implements vscode.Disposable {
  readonly #runs: Runs;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #uri = vscode.Uri.from({ scheme: SCHEME, path: `/${vscode.l10n.t("Devices")}.md` });
  readonly #provider: vscode.Disposable;
  #reports: DeviceReport[] = [];
  #ending = "";
  #checking = false;
  #decision: DeviceDecision | undefined;

  constructor(runs: Runs) {
    this.#runs = runs;
    // Here, since the editor asks for a document that it showed before it was reloaded.
    this.#provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: () => this.#text(),
    });
  }

  /** Tests all devices and shows what comes of it, device by device. A test that is under way is shown instead of another. */
  async check(): Promise<void> {
    const begins = !this.#checking;
    if (begins) {
      this.#checking = true;
      this.#reports = [];
      this.#decision = undefined;
      this.#tell(vscode.l10n.t("The devices are being tested."));
    }
    try {
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(this.#uri), { preview: true });
      if (begins) await this.#test();
    } finally {
      if (begins) this.#checking = false;
    }
  }

  /** What "auto" takes on this machine; tested once for each window, since it takes seconds. */
  async decision(token: vscode.CancellationToken): Promise<DeviceDecision> {
    this.#decision ??= await this.#runs.checkDevices(undefined, aborting(token), {});
    return this.#decision;
  }

  dispose(): void {
    this.#provider.dispose();
    this.#changed.dispose();
  }

  async #test(): Promise<void> {
    const title = vscode.l10n.t("Testing devices");
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    await withProgress(options, async (progress, token) => {
      try {
        this.#decision = await this.#runs.checkDevices(undefined, aborting(token), {
          stage: ({ device, stage }) =>
            progress.report({ message: `${deviceName({ device })}: ${stageText(stage, vscode.l10n)}` }),
          report: (report) => {
            this.#reports.push(report);
            this.#tell(this.#ending);
          },
        });
        this.#tell("");
      } catch (error) {
        if (!token.isCancellationRequested) {
          this.#tell(vscode.l10n.t("The test ended with a fault."));
          throw error;
        }
        this.#tell(vscode.l10n.t("The test was cancelled; devices that are missing here were not tested."));
      }
    });
  }

  #tell(ending: string): void {
    this.#ending = ending;
    this.#changed.fire(this.#uri);
  }

  #text(): string {
    const never = vscode.l10n.t("Nothing was tested yet: run the command Check Devices.");
    const ending = this.#reports.length === 0 && this.#ending === "" ? never : this.#ending;
    return reportDocument(this.#reports, ending, this.#decision);
  }
}

function aborting(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
