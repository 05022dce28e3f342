/** The worker of one rollout view. */
import { type HostMessage, isHostMessage, type PanelMessage, type WorkerMessage } from "../../schemas/rolloutView.ts";
import { ViewWorker } from "../views/viewWorker.ts";

export interface WorkerLinkOptions {
  /** The bundled worker. */
  file: string;
  runDir: string;
  /** To the view. */
  post(message: HostMessage): void;
  log(sentence: string): void;
}

export class WorkerLink implements Disposable {
  readonly #worker: ViewWorker<WorkerMessage | PanelMessage, HostMessage>;
  #visible = true;

  constructor({ file, runDir, post, log }: WorkerLinkOptions) {
    this.#worker = new ViewWorker({
      file,
      name: "rollouts",
      workerData: { runDir },
      isMessage: isHostMessage,
      received: post,
      started: () => this.#worker.tell({ kind: "visible", visible: this.#visible }),
      ended: () =>
        post({
          kind: "problem",
          message:
            "The reader of this run ended unexpectedly; the log of ToolExpander says more. Retry starts it again.",
        }),
      log,
    });
  }

  /** Passes a message of the view on; an acknowledgement starts no worker. */
  receive(message: WorkerMessage): void {
    if (message.kind === "request") this.#worker.post(message);
    else this.#worker.tell(message);
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#worker.tell({ kind: "visible", visible });
  }

  [Symbol.dispose](): void {
    this.#worker[Symbol.dispose]();
  }
}
