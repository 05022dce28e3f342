/** Requests of the view: every one ends, by its reply, a refusal, or because nothing came in time. */
import type {
  Refusal,
  RefusalCode,
  Reply,
  ViewMessage,
  ViewMethod,
  ViewParams,
  ViewResult,
} from "../../../schemas/rolloutView.ts";

export class RequestFailed extends Error {
  readonly code: RefusalCode | "timeout";

  constructor(code: RefusalCode | "timeout", message: string) {
    super(message);
    this.code = code;
  }
}

export interface Timers {
  set(callback: () => void, milliseconds: number): unknown;
  clear(timer: unknown): void;
}

interface Pending {
  settle(reply: Reply | Refusal): void;
  fail(error: RequestFailed): void;
  timer: unknown;
}

/** A search through every completion of a large run takes seconds. */
const patience = 10_000;

export class Requests {
  readonly #post: (message: ViewMessage) => void;
  readonly #timers: Timers;
  readonly #pending = new Map<number, Pending>();
  #ids = 0;

  constructor(post: (message: ViewMessage) => void, timers: Timers) {
    this.#post = post;
    this.#timers = timers;
  }

  /** @throws RequestFailed */
  ask<M extends ViewMethod>(method: M, params: ViewParams<M>): Promise<ViewResult<M>> {
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      const settle = (reply: Reply | Refusal) => {
        if (reply.kind === "refusal") reject(new RequestFailed(reply.code, reply.message));
        // The schema ties the result to the method, and the method is the one that was asked.
        else if (reply.method === method) resolve(reply.result as ViewResult<M>);
        else reject(new RequestFailed("defect", "The answer is to another question."));
      };
      const tooLate = () =>
        this.#end(id)?.fail(new RequestFailed("timeout", "No answer came from the reader of the run."));
      this.#pending.set(id, { settle, fail: reject, timer: this.#timers.set(tooLate, patience) });
      this.#post({ kind: "request", id, method, params } as ViewMessage);
    });
  }

  /** Answers to what nobody waits for any longer are left alone. */
  settle(reply: Reply | Refusal): void {
    this.#end(reply.id)?.settle(reply);
  }

  #end(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending) this.#timers.clear(pending.timer);
    this.#pending.delete(id);
    return pending;
  }
}
