/** The worker of one view: a thread of its own, since reading the store is synchronous. */
import { parentPort, workerData } from "node:worker_threads";
import { isPanelMessage } from "../../../schemas/viewMessages.ts";
import { ViewSession } from "./session.ts";

const port = parentPort;
const runDir: unknown = (workerData as { runDir?: unknown } | null)?.runDir;
if (!port || typeof runDir !== "string") throw new Error("This is a worker; it is started with the folder of a run.");

const session = new ViewSession(runDir, (message) => port.postMessage(message));
port.on("message", (message: unknown) => {
  if (isPanelMessage(message)) session.setVisible(message.visible);
  else session.receive(message);
});
