/** Watching a run in the terminal until it ends or the person lets go of it. */
import type { StateEvent } from "../../schemas/protocol.ts";
import type { RunRecord } from "../../schemas/run.ts";
import { readRunRecord } from "../store/runFolder.ts";
import type { RunClient } from "../training/client/connect.ts";
import { watchRun } from "../training/client/runView.ts";
import { findServer } from "../training/server/serverFile.ts";
import { ExitCode } from "./exit.ts";
import type { Output } from "./output.ts";
import { RunLines } from "./view.ts";

export interface Followed {
  record: RunRecord;
  /** True where the person let the run go on in the background. */
  left: boolean;
  exitCode: ExitCode;
}

/** Shows every event. Ctrl-C stops the run with a checkpoint; a second one leaves it to end by itself. */
export async function follow(client: RunClient, folder: string, output: Output): Promise<Followed> {
  let last: StateEvent | undefined;
  const leaving = Promise.withResolvers<"left">();
  let interrupts = 0;
  const interrupt = (): void => {
    interrupts++;
    if (interrupts === 1) {
      output.say(
        `Stopping: a checkpoint is taken first. Resume with: toolexpander resume ${folder}\nPress Ctrl-C again to leave it to that in the background.`,
      );
      client.stop().catch(() => {}); // it has just ended by itself
    } else leaving.resolve("left");
  };
  process.on("SIGINT", interrupt);
  try {
    const attached = watchRun(
      client,
      (snapshot) => new RunLines(snapshot),
      (event, view) => {
        if (event.event === "state") last = event;
        output.event(event, view);
      },
    );
    await attached.catch(() => {}); // it ended first; its record says how
    const how = await Promise.race([client.closed.then(() => "ended" as const), leaving.promise]);
    output.done();
    const record = recordOf(folder, last);
    const unfinished = record.state === "running" || record.state === "paused";
    // A connection may be lost and the run go on; one that has ended may take a moment to leave.
    const left = how === "left" || (unfinished && findServer(folder) !== undefined);
    return { record, left, exitCode: left ? ExitCode.done : codeOf(record, last) };
  } finally {
    process.off("SIGINT", interrupt);
    client.close();
  }
}

/** The run's record; a server that found no room to write its end there has still told it. */
function recordOf(folder: string, last: StateEvent | undefined): RunRecord {
  const record = readRunRecord(folder);
  if (last?.state !== "failed" || record.state === "failed") return record;
  return { ...record, state: "failed", ...(last.message === undefined ? {} : { message: last.message }) };
}

/** Where the server went without a word, its record still says that it runs. */
function codeOf({ state, defect = false }: RunRecord, last: StateEvent | undefined): ExitCode {
  if (state === "finished" || state === "stopped") return ExitCode.done;
  if (state === "failed") return (last?.defect ?? defect) ? ExitCode.defect : ExitCode.input;
  return ExitCode.defect;
}
