/** What joins a view of a run to its worker: requests start it, its end is told as a problem, and it knows whether the view is seen. */
import type { PanelMessage, Problem } from "../../schemas/viewMessages.ts";
import { ViewWorker } from "./viewWorker.ts";

export interface WorkerLinkOptions<ToView> {
  /** The bundled worker. */
  file: string;
  /** Of the thread. */
  name: string;
  /** What the worker is started with. */
  data: unknown;
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
  readonly #worker: ViewWorker<FromView | PanelMessage, ToView>;
  #visible = true;

  constructor({ file, name, data, accepts, post, log }: WorkerLinkOptions<ToView>) {
    this.#worker = new ViewWorker<FromView | PanelMessage, ToView>({
      file,
      name,
      workerData: data,
      isMessage: accepts,
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

  /** Has the worker read the run while the page is still loading. */
  warm(): void {
    if (this.#visible) this.#worker.start();
  }

  /** Passes a message of the view on; only a request starts the worker. */
  receive(message: FromView): void {
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
