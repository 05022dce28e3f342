/** A run as a watching client knows it: the snapshot it attached with, brought up to date by every notification. */
import {
  type Notification,
  type NotificationName,
  notifications,
  type ProgressEvent,
  type Snapshot,
} from "../../../schemas/protocol.ts";
import type { RunClient } from "./connect.ts";

/** A notification with its name. */
export type RunEvent = { [M in NotificationName]: { event: M } & Notification<M> }[NotificationName];

export class RunView {
  readonly snapshot: Snapshot;
  #progress: ProgressEvent | undefined;

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
  }

  /** How far the present activity is; undefined until the server has said so. */
  get progress(): ProgressEvent | undefined {
    return this.#progress;
  }

  take(event: RunEvent): void {
    const { snapshot } = this;
    switch (event.event) {
      case "state": {
        const { event: _, ...state } = event;
        if (state.activity !== snapshot.activity) this.#progress = undefined;
        Object.assign(snapshot, state);
        break;
      }
      case "step": {
        const { event: _, ...step } = event;
        snapshot.latest = step;
        snapshot.step = event.step;
        snapshot.secondsLeft = event.secondsLeft;
        snapshot.hardRows = event.metrics.hardRows;
        break;
      }
      case "evaluation": {
        const { event: _, ...evaluation } = event;
        if (event.moment === "before") snapshot.evaluations.before = evaluation;
        snapshot.evaluations.latest = evaluation;
        break;
      }
      case "probe": {
        const { event: _, ...probe } = event;
        if (event.moment !== "between") snapshot.probes[event.moment] = probe;
        snapshot.hardRows = event.hard;
        break;
      }
      case "round": {
        const { event: _, ...round } = event;
        snapshot.round = round;
        snapshot.hardByRound = [...snapshot.hardByRound.slice(0, event.round - 1), event.hard];
        snapshot.hardRows = event.hard;
        break;
      }
      case "progress":
        this.#progress = event;
        break;
      case "hard":
      case "edit":
      case "editUsed":
      case "try":
      case "collapse":
      case "log":
      // A run asks no window.
      case "judging":
      case "judgeQuestion":
      case "judgeCancelled":
        break;
    }
  }
}

/**
 * Attaches to a live run and follows it.
 *
 * @param viewOf makes the view from the snapshot
 * @param take hears every notification that follows from the snapshot, in order, when the view has taken it in
 */
export async function watchRun<V extends RunView>(
  client: RunClient,
  viewOf: (snapshot: Snapshot) => V,
  take: (event: RunEvent, view: V) => void,
): Promise<V> {
  let view: V | undefined;
  const early: RunEvent[] = [];
  const hear = (event: RunEvent): void => {
    if (view === undefined) {
      early.push(event);
      return;
    }
    view.take(event);
    take(event, view);
  };
  for (const name of Object.keys(notifications) as NotificationName[]) {
    client.on(name, (params) => hear({ event: name, ...params } as RunEvent));
  }
  view = viewOf(await client.attach());
  for (const event of early.splice(0)) hear(event);
  return view;
}
