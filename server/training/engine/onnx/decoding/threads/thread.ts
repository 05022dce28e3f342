/** A decoding thread: sessions of its own on weights that it shares with the engine, one call after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { SessionPool } from "../../runtime/sessionPool.ts";
import { type DecodingPolicy, decode } from "../decoding.ts";
import { hostWaves } from "../hostDecoding.ts";
import type { Answer, DecoderStart, Order } from "./messages.ts";

const port = parentPort;
if (port === null) throw new Error("This is no program of its own");
const { config, lora, weights, ends } = workerData as DecoderStart;
const say = (answer: Answer): void => port.postMessage(answer);

const pool = new SessionPool({ name: "cpu", threads: 1 });
const policy: Omit<DecodingPolicy, "maxSequences"> = {
  config,
  begin: hostWaves(pool, { config, lora }, weights),
  ends,
};
const calls = new Map<number, AbortController>();

async function draw({ call, prompts, n, sampling, maxSequences }: Extract<Order, { kind: "draw" }>): Promise<void> {
  const controller = new AbortController();
  calls.set(call, controller);
  try {
    for await (const completion of decode({ ...policy, maxSequences }, prompts, n, sampling, controller.signal))
      say({ kind: "drawn", call, completion });
    say({ kind: "ended", call });
  } catch (error) {
    say({ kind: "ended", call, error });
  } finally {
    calls.delete(call);
  }
}

port.on("message", (order: Order) => {
  if (order.kind === "draw") void draw(order);
  else calls.get(order.call)?.abort();
});
