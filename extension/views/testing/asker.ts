/** A view that only asks and listens, whichever session of a worker answers it. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { MethodOf, Methods, ParamsOf, ResultOf } from "../../../schemas/viewMessages.ts";

interface Session extends Disposable {
  receive(message: unknown): void;
}

/** What a session may say; replies and refusals have the number of what was asked. */
interface Said {
  kind: string;
  id?: unknown;
  method?: unknown;
  result?: unknown;
}

export class Asker<Asked extends Methods, ToView extends Said, S extends Session> implements Disposable {
  readonly session: S;
  readonly messages: ToView[] = [];
  #id = 0;

  constructor(accepts: (message: unknown) => message is ToView, begin: (post: (message: ToView) => void) => S) {
    this.session = begin((message) => {
      // Crosses a thread, then a window: what comes out must be plain, and what the schema says.
      const copy: unknown = JSON.parse(JSON.stringify(structuredClone(message)));
      assert.ok(accepts(copy), JSON.stringify(message).slice(0, 400));
      this.messages.push(copy);
    });
  }

  async ask<M extends MethodOf<Asked>>(method: M, params: ParamsOf<Asked, M>): Promise<ResultOf<Asked, M>> {
    const reply = await this.answer(method, params);
    assert.ok(reply.kind === "reply" && reply.method === method, JSON.stringify(reply));
    return reply.result as ResultOf<Asked, M>;
  }

  /** Its reply, or its refusal. */
  async answer<M extends MethodOf<Asked>>(method: M, params: ParamsOf<Asked, M>): Promise<ToView> {
    const id = ++this.#id;
    this.session.receive({ kind: "request", id, method, params });
    return this.until((message) => (message.kind === "reply" || message.kind === "refusal") && message.id === id);
  }

  async until(wanted: (message: ToView) => boolean): Promise<ToView> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const found = this.messages.find(wanted);
      if (found) return found;
      assert.ok(Date.now() < deadline, `not told in time; told: ${this.messages.map(({ kind }) => kind).join(" ")}`);
      await pause(5);
    }
  }

  [Symbol.dispose](): void {
    this.session[Symbol.dispose]();
  }
}
