/** The worker of one view of episodes: a thread of its own, since reading a store or a large file holds up whoever does it. */
import { parentPort, workerData } from "node:worker_threads";
import { isPanelMessage } from "../../../schemas/viewMessages.ts";
import { RunEpisodes } from "./runEpisodes.ts";
import { EpisodeSession } from "./session.ts";
import { TrajectoryEpisodes } from "./trajectoryEpisodes.ts";

const port = parentPort;
const { runDir, file }: { runDir?: unknown; file?: unknown } = workerData ?? {};
const source =
  typeof runDir === "string"
    ? new RunEpisodes(runDir)
    : typeof file === "string"
      ? new TrajectoryEpisodes(file)
      : undefined;
if (!port || !source)
  throw new Error("This is a worker; it is started with the folder of a run, or a file of trajectories.");

const session = new EpisodeSession(source, (message) => port.postMessage(message));
port.on("message", (message: unknown) => {
  if (isPanelMessage(message)) session.setVisible(message.visible);
  else session.receive(message);
});
