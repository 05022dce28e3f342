/**
 * Threads that decode a call's prompts side by side, each with one thread of the runtime.
 *
 * A decoding step of a small policy is hundreds of small operators. Sharing each of them among threads costs more than it
 * gains; sharing the sequences among threads costs nothing, since none of them needs another.
 */
import { Worker } from "node:worker_threads";
import { entryPoint } from "../../../../entryPoint.ts";
import type { Completion, Prompt, Sampling } from "../../../policyEngine.ts";
import { readsSharedMemory } from "../../runtime/sharedMemory.ts";
import type { Answer, DecoderStart, Order } from "./messages.ts";

type Draw = Extract<Order, { kind: "draw" }>;

/**
 * Weights that fit the caches: each thread reads all of them at every step, which larger ones would pay for with memory traffic
 * on many cores, and their products are large enough to be shared.
 */
const MOST_BYTES = 32 * 2 ** 20;

/** Threads that a call is shared among; 1 where the engine decodes by itself. */
export function decoderCount(
  device: string,
  threads: number,
  parameters: number,
  node: Readonly<Record<string, string | undefined>> = process.versions,
): number {
  // Desktop editors run the engine on Electron's Node, where the runtime has crashed in worker threads (microsoft/onnxruntime#20084).
  const alone = device !== "cpu" || node.electron !== undefined || !readsSharedMemory(node.node as string);
  return alone || parameters * Float32Array.BYTES_PER_ELEMENT > MOST_BYTES ? 1 : threads;
}

export class DecoderThreads {
  readonly #threads: readonly Worker[];
  #calls = 0;

  constructor(count: number, start: DecoderStart) {
    this.#threads = Array.from({ length: count }, () => {
      const thread = new Worker(entryPoint("decoderThread"), { workerData: start });
      // The engine's own end ends them.
      thread.unref();
      return thread;
    });
  }

  /**
   * As PolicyEngine.generate. Which thread draws what is a function of the prompts alone, so that the same call gives the same
   * bits; the order in which completions come is not.
   *
   * @param maxSequences decoded together at most, by all threads
   */
  async *generate(
    prompts: readonly Prompt[],
    n: number,
    sampling: Sampling,
    maxSequences: number,
    signal?: AbortSignal,
  ): AsyncGenerator<Completion> {
    signal?.throwIfAborted();
    const call = ++this.#calls;
    const hands = dealt(prompts, this.#threads.length);
    const drawn: Completion[] = [];
    let wake = (): void => {};
    const share = { n, sampling, maxSequences: Math.ceil(maxSequences / hands.length) };
    const parts = hands.map((hand, index) => {
      const order: Draw = { kind: "draw", call, prompts: hand.map((place) => prompts[place] as Prompt), ...share };
      return this.#draw(this.#threads[index] as Worker, order, (completion) => {
        drawn.push({ ...completion, prompt: hand[completion.prompt] as number });
        wake();
      });
    });
    let over = false;
    const all = Promise.all(parts.map(({ ended }) => ended)).finally(() => {
      over = true;
      wake();
    });
    all.catch(() => {}); // told by the awaiting below
    const cancel = (): void => {
      for (const part of parts) part.cancel();
    };
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      for (;;) {
        for (let next = drawn.shift(); next !== undefined; next = drawn.shift()) yield next;
        if (over) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      signal?.throwIfAborted();
      await all;
    } finally {
      signal?.removeEventListener("abort", cancel);
      cancel();
      // No thread reads the weights any more when the caller goes on.
      await Promise.allSettled(parts.map(({ ended }) => ended));
    }
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #draw(
    thread: Worker,
    order: Draw,
    drawn: (completion: Completion) => void,
  ): { ended: Promise<void>; cancel(): void } {
    const { call } = order;
    const ended = new Promise<void>((resolve, reject) => {
      const done = (error?: unknown): void => {
        thread.off("message", hear).off("error", done).off("exit", gone);
        thread.unref();
        if (error === undefined) resolve();
        else reject(error);
      };
      const hear = (answer: Answer): void => {
        if (answer.call !== call) return;
        if (answer.kind === "ended") done(answer.error);
        else drawn(answer.completion);
      };
      const gone = (code: number): void => done(new Error(`A decoding thread ended with ${code}`));
      thread.on("message", hear).on("error", done).on("exit", gone);
      // One that has ended before has no number any more, and tells nothing.
      if (thread.threadId < 0) gone(1);
      thread.ref();
      thread.postMessage(order);
    });
    const cancel = (): void => thread.postMessage({ kind: "cancel", call } satisfies Order);
    return { ended, cancel };
  }
}

/** Indices of the prompts, dealt to the threads by length, so that each has as much to read as the others. Nobody's hand is empty. */
function dealt(prompts: readonly Prompt[], threads: number): number[][] {
  const order = [...prompts.keys()].sort(
    (a, b) => (prompts[b] as Prompt).tokens.length - (prompts[a] as Prompt).tokens.length || a - b,
  );
  const hands: number[][] = Array.from({ length: Math.min(threads, prompts.length) }, () => []);
  for (const [place, index] of order.entries()) (hands[place % hands.length] as number[]).push(index);
  return hands;
}
