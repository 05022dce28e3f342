/** Requests of a view: every one ends, by its reply, a refusal, or because nothing came in time. */
import type {
  MethodOf,
  Methods,
  ParamsOf,
  RefusalOf,
  ReplyOf,
  RequestOf,
  ResultOf,
} from "../../schemas/viewMessages.ts";

/** Codes are those of the view's conversation, and `timeout`. */
export class RequestFailed extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Timers {
  set(callback: () => void, milliseconds: number): unknown;
  clear(timer: unknown): void;
}

export interface RequestsOptions<R extends Methods> {
  post(message: RequestOf<R>): void;
  timers: Timers;
  /** Said where nothing came in time. */
  silence: string;
}

interface Pending<R extends Methods> {
  settle(answer: ReplyOf<R> | RefusalOf<string>): void;
  fail(error: RequestFailed): void;
  timer: unknown;
}

/** A search through every completion of a large run takes seconds. */
const patience = 10_000;

export class Requests<R extends Methods> {
  readonly #options: RequestsOptions<R>;
  readonly #pending = new Map<number, Pending<R>>();
  #ids = 0;

  constructor(options: RequestsOptions<R>) {
    this.#options = options;
  }

  /** @throws RequestFailed */
  ask<M extends MethodOf<R>>(method: M, params: ParamsOf<R, M>): Promise<ResultOf<R, M>> {
    const id = ++this.#ids;
    const { post, timers, silence } = this.#options;
    return new Promise((resolve, reject) => {
      const settle = (answer: ReplyOf<R> | RefusalOf<string>) => {
        if (answer.kind === "refusal") reject(new RequestFailed(answer.code, answer.message));
        // The schema ties the result to the method, and the method is the one that was asked.
        else if (answer.method === method) resolve(answer.result as ResultOf<R, M>);
        else reject(new RequestFailed("defect", "The answer is to another question."));
      };
      const tooLate = () => this.#end(id)?.fail(new RequestFailed("timeout", silence));
      this.#pending.set(id, { settle, fail: reject, timer: timers.set(tooLate, patience) });
      post({ kind: "request", id, method, params } as RequestOf<R>);
    });
  }

  /** Answers to what nobody waits for any longer are left alone. */
  settle(answer: ReplyOf<R> | RefusalOf<string>): void {
    this.#end(answer.id)?.settle(answer);
  }

  #end(id: number): Pending<R> | undefined {
    const pending = this.#pending.get(id);
    if (pending) this.#options.timers.clear(pending.timer);
    this.#pending.delete(id);
    return pending;
  }
}
