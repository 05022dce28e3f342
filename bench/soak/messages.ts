/** What the processes of a soak say to one another. */
import type { HostMessage, ViewMessage } from "../../schemas/rolloutView.ts";

/** To the host: begin a run and show it; end the one that goes on. */
export type HostQuestion = { kind: "run"; experiment: string } | { kind: "stop" };

/** From the host. */
export type HostAnswer =
  | { kind: "view"; pid: number }
  | { kind: "begun"; folder: string }
  | { kind: "ended"; folder: string; phase: string; message: string; shown: number }
  | { kind: "trouble"; what: string };

/** From the host to the view: look at another run, or what the worker of that run says. */
export type ToView = { kind: "look" } | { kind: "said"; message: HostMessage };

/** From the view: what it says to the worker of the run, and how many rows it knows of. */
export type FromView = { kind: "says"; message: ViewMessage } | { kind: "shows"; rows: number };
