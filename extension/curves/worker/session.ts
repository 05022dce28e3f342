/** One view's questions about its runs (schemas/curvesView.ts). Knows neither the editor nor threads. */
import { type CurvesHostMessage, isCurvesMessage } from "../../../schemas/curvesView.ts";
import { sentenceOf } from "../../stores/storeReaders.ts";
import { RunCurves } from "./runCurves.ts";

/** Stores that are kept open; a view that lays more runs over one another than this only waits longer. */
const MOST_OPEN = 16;

export class CurveSession implements Disposable {
  readonly #post: (message: CurvesHostMessage) => void;
  /** The one that was asked about last comes last. */
  readonly #runs = new Map<string, RunCurves>();

  constructor(post: (message: CurvesHostMessage) => void) {
    this.#post = post;
  }

  /** Takes a message of the view, whatever it is. */
  receive(message: unknown): void {
    if (!isCurvesMessage(message) || message.kind !== "request") return;
    const { id, method, params } = message;
    try {
      this.#post({ kind: "reply", id, method, result: this.#curves(params.run).read(params.after) });
    } catch (error) {
      this.#close(params.run);
      this.#post({ kind: "refusal", id, code: "store", message: sentenceOf(error, params.run) });
    }
  }

  [Symbol.dispose](): void {
    for (const folder of [...this.#runs.keys()]) this.#close(folder);
  }

  #curves(folder: string): RunCurves {
    const curves = this.#runs.get(folder) ?? new RunCurves(folder);
    this.#runs.delete(folder);
    this.#runs.set(folder, curves);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > MOST_OPEN && oldest !== undefined) this.#close(oldest);
    return curves;
  }

  #close(folder: string): void {
    this.#runs.get(folder)?.[Symbol.dispose]();
    this.#runs.delete(folder);
  }
}
