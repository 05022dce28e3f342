/** Forks the program it is given, tells its process id, and waits to be killed: a server that disappears. */
import { fork } from "node:child_process";

const child = fork(process.argv[2] as string, [], {
  serialization: "advanced",
  stdio: ["ignore", "ignore", "ignore", "ipc"],
});
process.send?.(child.pid);
setInterval(() => {}, 1000);
