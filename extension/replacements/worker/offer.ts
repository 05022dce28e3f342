/** Hands a saved file to the run that lives, and says what its next step makes of it. */
import { basename } from "node:path";
import { InputError } from "../../../schemas/problem.ts";
import type { EditEvent } from "../../../schemas/protocol.ts";
import type { Verdict } from "../../../schemas/replacementView.ts";
import { connectToRun } from "../../../server/training/client/connect.ts";
import type { FoundRun } from "../../../server/training/client/discover.ts";

/**
 * @param text null: the file is gone
 * @param recorded the newest thing that the run has on record of a file
 */
export async function offerTo(
  run: FoundRun | undefined,
  file: string,
  text: string | null,
  recorded: (run: FoundRun, name: string) => EditEvent | undefined,
): Promise<Verdict> {
  const done = text === null ? "Deleted." : "Saved.";
  if (!run) return { state: "no-run", sentence: `${done} No run uses this folder yet; the next one will.` };
  if (!run.live) {
    return { state: "no-run", sentence: `${done} The run ${run.id} is not live; it takes this when it is resumed.` };
  }
  try {
    const client = await connectToRun(run.folder);
    if (!client) return { state: "no-run", sentence: `${done} The run ${run.id} has just ended.` };
    try {
      const name = basename(file);
      if ((await client.status()).activity === "starting") {
        return {
          state: "waiting",
          sentence: `${done} The run is still starting, and looks at it before its first step.`,
        };
      }
      const events = await client.offer([{ file: name, text }]);
      // The server tells of what is not on record yet; of what is, the record tells.
      return verdictOf(events.findLast((event) => event.file === name) ?? recorded(run, name));
    } finally {
      client.close();
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error instanceof InputError ? error.message : `the run ${run.id} could not be asked: ${error.message}`;
    return { state: "problem", sentence: `${done} But ${why}` };
  }
}

function verdictOf(event: EditEvent | undefined): Verdict {
  if (!event) return { state: "accepted", sentence: "The run knows of no edit of this sample." };
  if (event.action === "refused") return { state: "refused", sentence: event.reason ?? "The run refused this edit." };
  const what = event.action === "automatic" ? "The run chooses for itself again" : "The run uses this edit";
  return { state: "accepted", sentence: `${what} from step ${event.step} on.` };
}
