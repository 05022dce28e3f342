/** A connection to the training server of one run. */
import type { EditEvent, RequestParams, RequestResult, Snapshot, StateEvent } from "../../../schemas/protocol.ts";
import { serverFilePath } from "../server/serverFile.ts";
import { connectToServer, ServerClient } from "./serverClient.ts";

export class RunClient extends ServerClient {
  /** From here on the run's notifications come in. Register listeners with `on` first. */
  attach(): Promise<Snapshot> {
    return this.request("attach", {});
  }

  status(): Promise<Snapshot> {
    return this.request("status", {});
  }

  pause(): Promise<StateEvent> {
    return this.request("pause", {});
  }

  resume(): Promise<StateEvent> {
    return this.request("resume", {});
  }

  /** Takes a checkpoint, then ends the run so that it can be resumed. */
  stop(): Promise<StateEvent> {
    return this.request("stop", {});
  }

  /** Offers files of replacements/ as they are now, null where one is gone; answers what the next step makes of each. */
  async offer(files: RequestParams<"replacements">["files"]): Promise<EditEvent[]> {
    return (await this.request("replacements", { files })).edits;
  }

  /** Asks for a try, of which `try` tells from here on. @returns why there will be none; null where it waits for its turn */
  async try(request: RequestParams<"try">): Promise<string | null> {
    return (await this.request("try", request)).refused;
  }

  async cancelTry(id: string): Promise<void> {
    await this.request("cancelTry", { id });
  }

  /** Whether the run is to pause, once, where a probe finds the next hard row. */
  pauseOnHard(on: boolean): Promise<RequestResult<"pauseOnHard">> {
    return this.request("pauseOnHard", { on });
  }
}

/**
 * Connects to the live server of a run; undefined where none lives.
 *
 * @throws InputError where the server runs on another machine or refuses this client
 */
export function connectToRun(folder: string): Promise<RunClient | undefined> {
  const place = {
    owner: serverFilePath(folder),
    key: folder,
    elsewhere: (hostname: string) => `this run is trained on ${hostname}; look at it there`,
    silent: (pid: number) =>
      `the training server (process ${pid}) does not answer; its log is server.log in the run folder`,
  };
  return connectToServer(place, RunClient);
}
