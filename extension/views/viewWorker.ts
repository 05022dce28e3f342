/** A view's worker: started with the first message, started again after it died, and never waited for. */
import { Worker } from "node:worker_threads";

export interface ViewWorkerOptions<From> {
  /** The bundled worker. */
  file: string;
  /** Of the thread, for those who look at processes. */
  name: string;
  workerData: unknown;
  isMessage(value: unknown): value is From;
  received(message: From): void;
  /** A worker that has just been started; what it has to know first is posted here. */
  started(): void;
  /** It ended, and not because it was told to. */
  ended(): void;
  log(sentence: string): void;
}

export class ViewWorker<To, From> implements Disposable {
  readonly #options: ViewWorkerOptions<From>;
  #worker: Worker | undefined;

  constructor(options: ViewWorkerOptions<From>) {
    this.#options = options;
  }

  /** Where none runs. */
  start(): void {
    if (!this.#worker) this.#start();
  }

  /** Starts the worker where none runs. */
  post(message: To): void {
    this.start();
    this.#worker?.postMessage(message);
  }

  /** Says it to a worker that runs, and to no other. */
  tell(message: To): void {
    this.#worker?.postMessage(message);
  }

  [Symbol.dispose](): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  #start(): void {
    const { file, name, workerData, isMessage, received, started, log } = this.#options;
    // Flags that the editor was started with are none of the worker's.
    const worker = new Worker(file, { workerData, name, execArgv: [] });
    this.#worker = worker;
    worker.on("message", (message: unknown) => {
      if (isMessage(message)) received(message);
      else log(`The worker "${name}" sent a message that is not known; it was left alone.`);
    });
    worker.on("error", (error) => log(`The worker "${name}" failed: ${error.stack ?? error}`));
    worker.on("exit", (code) => this.#ended(worker, code));
    started();
  }

  #ended(worker: Worker, code: number): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#options.log(`The worker "${this.#options.name}" ended with code ${code}.`);
    this.#options.ended();
  }
}
