/** How a run is, and how a view stands to its store. */
import type { RunHeader } from "../../schemas/rolloutView.ts";

/** State of a run as its word and its codicon. */
export const runStates: Record<RunHeader["state"], { text: string; icon: string }> = {
  running: { text: "Running", icon: "sync" },
  paused: { text: "Paused", icon: "debug-pause" },
  finished: { text: "Finished", icon: "pass" },
  stopped: { text: "Stopped", icon: "debug-stop" },
  failed: { text: "Failed", icon: "error" },
  interrupted: { text: "Interrupted", icon: "debug-disconnect" },
};

/** `connecting` also while the view opens its list again after a silence. */
export type Connection = "connecting" | "live" | "broken";

/** Whether a view hears of what is new, as its words and its codicon. */
export const connections: Record<Connection, { icon: string; text: string }> = {
  connecting: { icon: "loading", text: "Connecting" },
  live: { icon: "circle-filled", text: "Live" },
  broken: { icon: "debug-disconnect", text: "Not connected" },
};
