/** Requests of a view: every one ends, by its reply, a refusal, or because nothing came in time. */
import type {
  MethodOf,
  Methods,
  ParamsOf,
  Refusal,
  RefusalCode,
  ReplyOf,
  RequestOf,
  ResultOf,
} from "../../schemas/viewMessages.ts";

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

interface Pending<M extends Methods> {
  settle(reply: ReplyOf<M> | Refusal): void;
  fail(error: RequestFailed): void;
  timer: unknown;
}

/** A search through every completion of a large run takes seconds. */
const patience = 10_000;

export class Requests<M extends Methods> {
  readonly #post: (message: RequestOf<M>) => void;
  readonly #timers: Timers;
  readonly #pending = new Map<number, Pending<M>>();
  #ids = 0;

  constructor(post: (message: RequestOf<M>) => void, timers: Timers) {
    this.#post = post;
    this.#timers = timers;
  }

  /** @throws RequestFailed */
  ask<Name extends MethodOf<M>>(method: Name, params: ParamsOf<M, Name>): Promise<ResultOf<M, Name>> {
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      const settle = (reply: ReplyOf<M> | Refusal) => {
        if (reply.kind === "refusal") reject(new RequestFailed(reply.code, reply.message));
        // The schema ties the result to the method, and the method is the one that was asked.
        else if (reply.method === method) resolve(reply.result as ResultOf<M, Name>);
        else reject(new RequestFailed("defect", "The answer is to another question."));
      };
      const tooLate = () =>
        this.#end(id)?.fail(new RequestFailed("timeout", "No answer came from the reader of the run."));
      this.#pending.set(id, { settle, fail: reject, timer: this.#timers.set(tooLate, patience) });
      this.#post({ kind: "request", id, method, params } as RequestOf<M>);
    });
  }

  /** Answers to what nobody waits for any longer are left alone. */
  settle(reply: ReplyOf<M> | Refusal): void {
    this.#end(reply.id)?.settle(reply);
  }

  #end(id: number): Pending<M> | undefined {
    const pending = this.#pending.get(id);
    if (pending) this.#timers.clear(pending.timer);
    this.#pending.delete(id);
    return pending;
  }
}
