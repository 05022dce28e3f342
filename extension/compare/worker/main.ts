/** The worker of one view that compares runs: a thread of its own, since reading stores is synchronous. */
import { parentPort } from "node:worker_threads";
import { CompareSession } from "./session.ts";

const port = parentPort;
if (!port) throw new Error("This is a worker; it is started by the panel of the comparison.");

const session = new CompareSession((message) => port.postMessage(message));
// Whether the view is seen makes no difference here: one that is hidden asks nothing.
port.on("message", (message: unknown) => session.receive(message));
