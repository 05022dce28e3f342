/** A view's worker: started with the first message, started again after it died, and never waited for. */
import { Worker } from "node:worker_threads";
import type { PanelMessage, Problem } from "../../schemas/viewMessages.ts";

export interface WorkerLinkOptions<ToView> {
  /** The bundled worker. */
  file: string;
  /** Of the thread. */
  name: string;
  /** What the worker is started with. */
  data: unknown;
  /** What the worker reads, for messages about it. */
  subject: string;
  accepts(message: unknown): message is ToView;
  /** To the view. */
  post(message: ToView | Problem): void;
  log(sentence: string): void;
}

/** Messages of a view, by their kind. */
interface Message {
  kind: string;
}

export class WorkerLink<FromView extends Message, ToView> implements Disposable {
  readonly #options: WorkerLinkOptions<ToView>;
  #worker: Worker | undefined;
  #visible = true;

  constructor(options: WorkerLinkOptions<ToView>) {
    this.#options = options;
  }

  /** Passes a message of the view on; only a request starts the worker. */
  receive(message: FromView): void {
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
    const { file, name, data, subject, log } = this.#options;
    // Flags that the editor was started with are none of the worker's.
    const worker = new Worker(file, { workerData: data, name, execArgv: [] });
    this.#worker = worker;
    worker.on("message", (message: unknown) => {
      if (this.#options.accepts(message)) this.#options.post(message);
      else log("The reader of the run sent a message that is not known; it was left alone.");
    });
    worker.on("error", (error) => log(`The reader of ${subject} failed: ${error.stack ?? error}`));
    worker.on("exit", (code) => this.#ended(worker, code));
    worker.postMessage({ kind: "visible", visible: this.#visible } satisfies PanelMessage);
    return worker;
  }

  #ended(worker: Worker, code: number): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#options.log(`The reader of ${this.#options.subject} ended with code ${code}.`);
    this.#options.post({
      kind: "problem",
      message: "The reader of this run ended unexpectedly; the log of ToolExpander says more. Retry starts it again.",
    });
  }
}
