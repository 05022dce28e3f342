/** Hands a saved file to the run that lives, says what its next step makes of it, and then when a step has drawn it. */
import { basename } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import type { EditEvent, EditUsedEvent } from "../../../schemas/protocol.ts";
import type { Verdict } from "../../../schemas/replacementView.ts";
import { connectToRun, type RunClient } from "../../../server/training/client/connect.ts";
import type { FoundRun } from "../../../server/training/client/discover.ts";

export interface Listeners {
  /** The newest thing that the run has on record of a file. */
  recorded(run: FoundRun, name: string): EditEvent | undefined;
  /** The first step that drew the edit which was accepted. */
  used(file: string, event: EditUsedEvent): void;
}

export class Offers {
  readonly #listeners: Listeners;
  /** Connections to runs that have yet to draw an accepted edit, by its file. */
  readonly #waiting = new Map<string, RunClient>();

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  /** @param text null: the file is gone */
  async make(run: FoundRun | undefined, file: string, text: string | null): Promise<Verdict> {
    this.#leave(file);
    const done = text === null ? "Deleted." : "Saved.";
    if (!run) return { state: "no-run", sentence: `${done} No run uses this folder yet; the next one will.` };
    if (!run.live) {
      return { state: "no-run", sentence: `${done} The run ${run.id} is not live; it takes this when it is resumed.` };
    }
    try {
      const client = await connectToRun(run.folder);
      if (!client) return { state: "no-run", sentence: `${done} The run ${run.id} has just ended.` };
      this.#waiting.set(file, client);
      const { verdict, event } = await this.#ask(client, run, file, text, done);
      if (event === undefined || event.action === "refused" || event.action === "automatic") this.#leave(file, client);
      return verdict;
    } catch (error) {
      this.#leave(file);
      if (!(error instanceof Error)) throw error;
      const why =
        error instanceof InputError ? error.message : `the run ${run.id} could not be asked: ${error.message}`;
      return { state: "problem", sentence: `${done} But ${why}` };
    }
  }

  async #ask(
    client: RunClient,
    run: FoundRun,
    file: string,
    text: string | null,
    done: string,
  ): Promise<{ verdict: Verdict; event?: EditEvent | undefined }> {
    const early: EditUsedEvent[] = [];
    let accepted: EditEvent | undefined;
    const take = (used: EditUsedEvent): void => {
      if (!accepted) early.push(used);
      else if (used.sample === accepted.sample && used.step >= accepted.step && this.#waiting.get(file) === client) {
        this.#leave(file);
        // A step that is quicker than the answer is told of behind it.
        setImmediate(() => this.#listeners.used(file, used));
      }
    };
    client.on("editUsed", take);
    // Heard from here on, so that a step between the answer and the listening is not missed.
    if ((await client.attach()).activity === "starting") {
      const sentence = `${done} The run is still starting, and looks at it before its first step.`;
      return { verdict: { state: "waiting", sentence } };
    }
    const name = basename(file);
    const events = await client.offer([{ file: name, text }]);
    // The server tells of what is not on record yet; of what is, the record tells.
    const event = events.findLast((one) => one.file === name) ?? this.#listeners.recorded(run, name);
    accepted = event;
    for (const used of early) take(used);
    return { verdict: verdictOf(event), event };
  }

  /** @param client only where this one waits for the file */
  #leave(file: string, client = this.#waiting.get(file)): void {
    if (this.#waiting.get(file) === client) this.#waiting.delete(file);
    client?.close();
  }
}

function verdictOf(event: EditEvent | undefined): Verdict {
  if (!event) return { state: "accepted", sentence: "The run knows of no edit of this sample." };
  if (event.action === "refused") return { state: "refused", sentence: event.reason ?? "The run refused this edit." };
  const what = event.action === "automatic" ? "The run chooses for itself again" : "The run uses this edit";
  return { state: "accepted", sentence: `${what} from step ${event.step} on.` };
}
