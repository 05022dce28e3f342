/** A view's worker: started with the first message, started again after it died, and never waited for. */
import { Worker } from "node:worker_threads";
import { type HostMessage, isHostMessage, type PanelMessage, type WorkerMessage } from "../../schemas/rolloutView.ts";

export interface WorkerLinkOptions {
  /** The bundled worker. */
  file: string;
  runDir: string;
  /** To the view. */
  post(message: HostMessage): void;
  log(sentence: string): void;
}

export class WorkerLink implements Disposable {
  readonly #options: WorkerLinkOptions;
  #worker: Worker | undefined;
  #visible = true;

  constructor(options: WorkerLinkOptions) {
    this.#options = options;
  }

  /** Passes a message of the view on; an acknowledgement starts no worker. */
  receive(message: WorkerMessage): void {
    if (message.kind === "request") this.#running().postMessage(message);
    else this.#worker?.postMessage(message);
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#worker?.postMessage({ kind: "visible", visible } satisfies PanelMessage);
  }

  [Symbol.dispose](): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#options.file, {
      workerData: { runDir: this.#options.runDir },
      name: "rollouts",
      // Flags that the editor was started with are none of the worker's.
      execArgv: [],
    });
    this.#worker = worker;
    worker.on("message", (message: unknown) => {
      if (isHostMessage(message)) this.#options.post(message);
      else this.#options.log("The reader of the run sent a message that is not known; it was left alone.");
    });
    worker.on("error", (error) =>
      this.#options.log(`The reader of ${this.#options.runDir} failed: ${error.stack ?? error}`),
    );
    worker.on("exit", (code) => this.#ended(worker, code));
    worker.postMessage({ kind: "visible", visible: this.#visible } satisfies PanelMessage);
    return worker;
  }

  #ended(worker: Worker, code: number): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#options.log(`The reader of ${this.#options.runDir} ended with code ${code}.`);
    this.#options.post({
      kind: "problem",
      message: "The reader of this run ended unexpectedly; the log of ToolExpander says more. Retry starts it again.",
    });
  }
}
