/** The process's end: one request, what it tells meanwhile, and an end that comes with the editor's at the latest. */
import type { Static, TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

/** Exit code of a defect of ours. */
const DEFECT = 70;

/** The message, besides the request, that asks the work to end. */
export const STOP = { kind: "stop" } as const;

export interface Service<Request extends TSchema, Message> {
  request: Request;
  /** @param signal the editor wants no more of it, or is gone */
  work(request: Static<Request>, tell: Tell<Message>, signal: AbortSignal): Promise<void>;
  /** What is told of an error; undefined for a defect of ours. */
  refusal(error: unknown): Message | undefined;
  /** How long the work may take to end once the editor is gone, milliseconds; 0 unless said. */
  grace?: number;
}

/** Resolves when the message is on its way; an editor that is gone hears nothing. */
export type Tell<Message> = (message: Message) => Promise<void>;

export function serveOne<Request extends TSchema, Message extends object>(service: Service<Request, Message>): void {
  if (process.send === undefined) {
    process.stderr.write("This program is a process of the ToolExpander extension.\n");
    process.exitCode = 2;
    return;
  }
  const tell: Tell<Message> = (message) =>
    new Promise((sent) => {
      if (process.connected) process.send?.(message, () => sent());
      else sent();
    });
  const stopping = new AbortController();
  const { grace = 0 } = service;
  process.once("disconnect", () => {
    stopping.abort();
    if (grace === 0) process.exit();
    else setTimeout(() => process.exit(), grace).unref();
  });
  process.once("message", (request: unknown) => {
    if (!Value.Check(service.request, request)) throw new TypeError("The request is none.");
    process.on("message", () => stopping.abort());
    service
      .work(request, tell, stopping.signal)
      .catch(async (error: unknown) => {
        const refusal = service.refusal(error);
        if (refusal !== undefined) return tell(refusal);
        console.error(error);
        process.exitCode = DEFECT;
      })
      .finally(() => {
        if (process.connected) process.disconnect();
      });
  });
}
