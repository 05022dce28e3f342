/** Tries an edit on the run that lives: one connection for each try, which ends with it. */
import { basename } from "node:path";
import type { TryEvent } from "../../../schemas/tries.ts";
import type { TryRemedy } from "../../../schemas/tryView.ts";
import { connectToRun, type RunClient } from "../../../server/training/client/connect.ts";
import type { FoundRun } from "../../../server/training/client/discover.ts";
import type { TryParams, TryTaken } from "../messages.ts";

export class Tries {
  readonly #clients = new Map<string, RunClient>();

  /**
   * Settles when the run has taken or refused it; what becomes of it is told from then on, its end last.
   *
   * @throws InputError where the run cannot be asked
   */
  async begin(
    run: FoundRun | undefined,
    { id, file, text, rollouts }: TryParams,
    tell: (event: TryEvent) => void,
  ): Promise<TryTaken> {
    if (!run)
      return refused("No run uses this folder yet. Start one, and try the edit on its policy.", "startTraining");
    const over = `The run ${run.id} is not live, so it has no policy to ask. Resume it, or start another one.`;
    const client = run.live ? await connectToRun(run.folder) : undefined;
    if (!client) return refused(over, run.record.state === "finished" ? "startTraining" : "resume");
    let isEnded = false;
    const take = (event: TryEvent): void => {
      if (event.id !== id || isEnded) return;
      isEnded = event.kind === "ended";
      tell(event);
      if (isEnded) this.#end(id);
    };
    client.on("try", take);
    void client.closed.then(() =>
      take({ id, kind: "ended", how: "failed", reason: "The run ended before the try had." }),
    );
    this.#clients.set(id, client);
    try {
      const reason = await client.try({ id, file: basename(file), text, rollouts });
      if (reason === null) return { refused: null, remedy: null };
      isEnded = true;
      this.#end(id);
      return refused(reason);
    } catch (error) {
      isEnded = true;
      this.#end(id);
      throw error;
    }
  }

  async cancel(id: string): Promise<void> {
    // The end that it brings about closes the connection, which may be before the answer.
    await this.#clients
      .get(id)
      ?.cancelTry(id)
      .catch(() => {});
  }

  #end(id: string): void {
    this.#clients.get(id)?.close();
    this.#clients.delete(id);
  }
}

const refused = (sentence: string, remedy: TryRemedy | null = null): TryTaken => ({ refused: sentence, remedy });
