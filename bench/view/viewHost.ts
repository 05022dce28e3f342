/** What serves a view, as a process that is asked how much of the processor it took. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Bundles } from "../../test/view/harness.ts";

export interface HostQuestion {
  id: number;
  ask: "figures" | "hide" | "show";
}

export interface HostFigures {
  id: number;
  /** Of the whole process since it was started. */
  cpuMilliseconds: number;
  memoryMB: number;
  /** That were sent to the view, and lists that were opened among them. */
  messages: number;
  openings: number;
  log: string[];
}

export type HostAnswer = HostFigures | { address: string };

export interface ViewHost extends AsyncDisposable {
  address: string;
  ask(what: HostQuestion["ask"]): Promise<HostFigures>;
}

export async function startHost(
  view: "rollouts" | "curves",
  folder: string,
  { folder: bundles }: Bundles,
): Promise<ViewHost> {
  const child = fork(join(import.meta.dirname, "..", "workers", "viewHost.ts"), [view, folder, bundles]);
  const [first] = (await once(child, "message")) as [{ address: string }];
  let asked = 0;
  return {
    address: first.address,
    ask: (ask) =>
      new Promise((resolve) => {
        const id = ++asked;
        const listen = (answer: HostAnswer): void => {
          if (!("id" in answer) || answer.id !== id) return;
          child.off("message", listen);
          resolve(answer);
        };
        child.on("message", listen);
        child.send({ id, ask } satisfies HostQuestion);
      }),
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}
