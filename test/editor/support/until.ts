import { setTimeout as sleep } from "node:timers/promises";

/** Time between two looks at an editor, milliseconds: each costs it some work. */
const PAUSE_MS = 100;

/** Waits until `look` says yes. @throws Error naming `what` after `patience` milliseconds */
export async function until(what: string, patience: number, look: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patience;
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await sleep(PAUSE_MS);
  }
}
