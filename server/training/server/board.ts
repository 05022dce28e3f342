/** What a client sees of a run, kept up to date and sent to everyone attached. It answers from memory, whatever the engine does. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import type {
  EditEvent,
  Notification,
  NotificationName,
  RequestParams,
  RequestResult,
  Snapshot,
  StateEvent,
} from "../../../schemas/protocol.ts";
import type { Control } from "../control.ts";
import { answer, notify } from "../conversation.ts";
import type { Client } from "./socket.ts";
import type { TryDesk } from "./tryDesk.ts";

/** A client that lets this much pile up unread is dropped, bytes; it may attach again. */
const BACKLOG = 8 * 2 ** 20;
/** Steps whose mean duration the remaining time is told from. */
const RECENT = 20;
/** Longest wait for clients to take the last word, milliseconds. */
const LAST_WORD_MS = 2000;
/** Least time between two progress notifications, milliseconds. */
const PROGRESS_MS = 100;

export class Board {
  readonly #snapshot: Snapshot;
  readonly #control: Control;
  readonly #clients = new Set<Client>();
  readonly #durations: number[] = [];
  /** Takes a client's snapshot of replacements/. Until the run has read its rows nobody can tell what an edit is worth. */
  offer: (files: RequestParams<"replacements">["files"]) => EditEvent[] = (files) =>
    files.map(({ file }) => ({
      file,
      sample: null,
      action: "refused",
      step: 1,
      reason: "The run is still starting; offer it again.",
    }));
  /** Takes tries, once the run has read its rows. */
  desk: Pick<TryDesk, "begin" | "cancel"> = {
    begin: () => "The run is still starting; try it again in a moment.",
    cancel: () => {},
  };
  readonly #willProbe: (snapshot: Pick<Snapshot, "step" | "probes">) => boolean;
  #progressAt = 0;

  constructor(folder: string, experiment: ResolvedExperiment, control: Control) {
    this.#control = control;
    const { probe, curriculum, steps } = experiment.settings;
    this.#willProbe = ({ step, probes }) =>
      curriculum.mode === "none" ? probe.before && probes.before === undefined && step === 0 : step < steps;
    this.#snapshot = {
      folder,
      name: experiment.name,
      preset: experiment.preset,
      device: experiment.device,
      threads: experiment.threads,
      pid: process.pid,
      enginePid: 0,
      startedAt: new Date().toISOString(),
      state: "running",
      activity: "starting",
      step: 0,
      steps: experiment.settings.steps,
      pauseOnHard: false,
      pausedOn: null,
      secondsLeft: null,
      latest: null,
      evaluations: {},
      probes: {},
      hardRows: null,
      round: null,
      hardByRound: [],
    };
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  get state(): StateEvent {
    const { state, activity, step, steps, pauseOnHard, pausedOn, message, defect } = this.#snapshot;
    return {
      state,
      activity,
      step,
      steps,
      pauseOnHard,
      pausedOn,
      ...(message === undefined ? {} : { message }),
      ...(defect === undefined ? {} : { defect }),
    };
  }

  /** Answers a client that has said hello. */
  welcome(client: Client): void {
    const { connection, socket } = client;
    socket.once("close", () => this.#clients.delete(client));
    answer(connection, "status", () => this.#snapshot);
    answer(connection, "attach", () => {
      this.#clients.add(client);
      return this.#snapshot;
    });
    answer(connection, "replacements", ({ files }) => ({ edits: this.offer(files) }));
    const left = new AbortController();
    socket.once("close", () => left.abort());
    answer(connection, "try", (params) => ({
      refused: this.desk.begin(params, (event) => void notify(connection, "try", event), left.signal),
    }));
    answer(connection, "cancelTry", ({ id }) => {
      this.desk.cancel(id);
      return {};
    });
    answer(connection, "pauseOnHard", ({ on }) => this.#armPause(on));
    for (const wish of ["pause", "resume", "stop"] as const) {
      answer(connection, wish, () => {
        this.#control[wish]();
        return this.state;
      });
    }
  }

  /** Changes what is known of the run and tells the clients where state, activity or step changed. */
  change(change: Partial<Snapshot>): void {
    const before = JSON.stringify(this.state);
    Object.assign(this.#snapshot, change);
    if (JSON.stringify(this.state) !== before) this.tell("state", this.state);
  }

  /** Takes the state over from what the person wants, while the run lives. */
  follow(): void {
    const { state } = this.#control;
    this.change({ state, ...(state === "running" ? { pausedOn: null } : {}) });
  }

  /** Tells of hard rows, and pauses the run where a person waits for the next one. */
  hard(event: Notification<"hard">): void {
    this.tell("hard", event);
    const [sample] = event.samples;
    // After the last step there is nothing left to mend.
    if (!this.#snapshot.pauseOnHard || sample === undefined || event.moment === "after") return;
    this.#control.pause();
    this.change({ pauseOnHard: false, pausedOn: sample });
  }

  #armPause(on: boolean): RequestResult<"pauseOnHard"> {
    if (on && !this.#willProbe(this.#snapshot)) {
      const reason = "This run probes no more rows before its end, so it will find none hard.";
      return { on: false, reason };
    }
    this.change({ pauseOnHard: on });
    return { on, reason: null };
  }

  step(event: Omit<Notification<"step">, "secondsLeft" | "steps">): void {
    this.#durations.push(event.metrics.milliseconds);
    if (this.#durations.length > RECENT) this.#durations.shift();
    const { steps } = this.#snapshot;
    const meanSeconds = this.#durations.reduce((sum, value) => sum + value, 0) / this.#durations.length / 1000;
    const secondsLeft = meanSeconds * (steps - event.step);
    const latest = { ...event, steps, secondsLeft };
    this.change({ latest, secondsLeft, step: event.step, hardRows: event.metrics.hardRows });
    this.tell("step", latest);
  }

  evaluation(event: Notification<"evaluation">): void {
    const { evaluations } = this.#snapshot;
    if (event.moment === "before") evaluations.before = event;
    evaluations.latest = event;
    this.tell("evaluation", event);
  }

  probe(event: Notification<"probe">): void {
    const { probes } = this.#snapshot;
    if (event.moment === "after") probes.after = event;
    else if (event.moment === "before") probes.before = event;
    this.#snapshot.hardRows = event.hard;
    this.tell("probe", event);
  }

  round(event: Notification<"round">): void {
    const { hardByRound } = this.#snapshot;
    this.#snapshot.round = event;
    // A replay may go back behind rounds that were told of.
    this.#snapshot.hardByRound = [...hardByRound.slice(0, event.round - 1), event.hard];
    this.#snapshot.hardRows = event.hard;
    this.tell("round", event);
  }

  progress(event: Notification<"progress">): void {
    const now = performance.now();
    if (event.done < event.total && now - this.#progressAt < PROGRESS_MS) return;
    this.#progressAt = now;
    this.tell("progress", event);
  }

  tell<M extends NotificationName>(method: M, params: Notification<M>): void {
    for (const client of this.#clients) {
      if (client.socket.writableLength > BACKLOG) client.socket.destroy();
      else void notify(client.connection, method, params);
    }
  }

  /** The last word: tells how the run ended, and settles when every client that reads has been told. */
  async end(change: Partial<Snapshot>): Promise<void> {
    Object.assign(this.#snapshot, change);
    const told = [...this.#clients].map(({ connection }) => notify(connection, "state", this.state));
    await Promise.race([Promise.all(told), sleep(LAST_WORD_MS, undefined, { ref: false })]);
  }
}
