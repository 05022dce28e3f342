/** A decoding thread: sessions of its own on weights that it shares with the engine, one call after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { prefillGraph, stepGraph } from "../decoderGraphs.ts";
import { type DecodingPolicy, decode } from "../decoding.ts";
import { GraphSession } from "../session.ts";
import type { Answer, DecoderStart, Order } from "./messages.ts";

const port = parentPort;
if (port === null) throw new Error("This is no program of its own");
const { config, lora, weights, ends } = workerData as DecoderStart;
const say = (answer: Answer): void => port.postMessage(answer);

const here = { device: "cpu", threads: 1 } as const;
const policy: Omit<DecodingPolicy, "maxSequences"> = {
  config,
  prefill: await GraphSession.create(prefillGraph(config, here.device, lora), here),
  step: await GraphSession.create(stepGraph(config, here.device, lora), here),
  weights,
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
