/** Watching a run in the terminal until it ends or the person lets go of it. */
import { type NotificationName, notifications, type StateEvent } from "../../schemas/protocol.ts";
import type { RunRecord } from "../../schemas/run.ts";
import { readRunRecord } from "../store/runFolder.ts";
import type { RunClient } from "../training/client/connect.ts";
import { findServer } from "../training/server/serverFile.ts";
import { ExitCode } from "./exit.ts";
import type { Output } from "./output.ts";
import { type RunEvent, RunView } from "./view.ts";

export interface Followed {
  record: RunRecord;
  /** True where the person let the run go on in the background. */
  left: boolean;
  exitCode: ExitCode;
}

/** Shows every event. Ctrl-C stops the run with a checkpoint; a second one leaves it to end by itself. */
export async function follow(client: RunClient, folder: string, output: Output): Promise<Followed> {
  let view: RunView | undefined;
  let last: StateEvent | undefined;
  const early: RunEvent[] = [];
  const take = (event: RunEvent): void => {
    if (event.event === "state") last = event;
    if (view === undefined) {
      early.push(event);
      return;
    }
    view.take(event);
    output.event(event, view);
  };
  for (const name of Object.keys(notifications) as NotificationName[]) {
    client.on(name, (params) => take({ event: name, ...params } as RunEvent));
  }
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
    view = await attached(client);
    for (const event of early.splice(0)) take(event);
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

/** The snapshot comes before every notification that follows from it. */
async function attached(client: RunClient): Promise<RunView | undefined> {
  try {
    return new RunView(await client.attach());
  } catch {
    return undefined; // it ended first; its record says how
  }
}

/** The run's record; a server that found no room to write its end there has still told it. */
function recordOf(folder: string, last: StateEvent | undefined): RunRecord {
  const record = readRunRecord(folder);
  if (last?.state !== "failed" || record.state === "failed") return record;
  return { ...record, state: "failed", ...(last.message === undefined ? {} : { message: last.message }) };
}

/** Where the server went without a word, its record still says that it runs. */
function codeOf({ state }: RunRecord, last: StateEvent | undefined): ExitCode {
  if (state === "finished" || state === "stopped") return ExitCode.done;
  if (state === "failed") return last?.defect ? ExitCode.defect : ExitCode.input;
  return ExitCode.defect;
}
