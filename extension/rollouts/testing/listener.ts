/** A view that only asks and listens. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { HostMessage, ListQuery, ViewMethod, ViewParams, ViewResult } from "../../../schemas/rolloutView.ts";
import { EVERYTHING, isHostMessage } from "../../../schemas/rolloutView.ts";
import { ViewSession } from "../worker/session.ts";

export class Listener implements Disposable {
  readonly session: ViewSession;
  readonly messages: HostMessage[] = [];
  #id = 0;

  constructor(folder: string) {
    this.session = new ViewSession(folder, (message) => {
      // Crosses a thread, then a window: what comes out must be plain, and what the schema says.
      const copy: unknown = JSON.parse(JSON.stringify(structuredClone(message)));
      assert.ok(isHostMessage(copy), JSON.stringify(message).slice(0, 400));
      this.messages.push(copy);
    });
  }

  async ask<M extends ViewMethod>(method: M, params: ViewParams<M>): Promise<ViewResult<M>> {
    const reply = await this.answer(method, params);
    assert.ok(reply.kind === "reply", JSON.stringify(reply));
    return reply.result as ViewResult<M>;
  }

  async answer<M extends ViewMethod>(method: M, params: ViewParams<M>) {
    const id = ++this.#id;
    this.session.receive({ kind: "request", id, method, params });
    return this.until((message) => (message.kind === "reply" || message.kind === "refusal") && message.id === id);
  }

  open(changes: Partial<ListQuery> = {}, follow = true): Promise<ViewResult<"open">> {
    return this.ask("open", { query: { ...EVERYTHING, ...changes }, follow, count: 500, around: null });
  }

  async until(wanted: (message: HostMessage) => boolean): Promise<HostMessage> {
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
