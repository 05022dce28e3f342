/** The view's end of its conversation: which runs there are, and the curves of those that are shown. */
import {
  type CurveRun,
  type CurvesMessage,
  type curveRequests,
  isCurvesHostMessage,
} from "../../../schemas/curvesView.ts";
import { Requests, type Timers } from "../../client/requests.ts";
import { CurveFollower, type Followed } from "./curveFollower.ts";

export interface CurvesState extends Followed {
  /** The runs there are, the panel's own first. */
  known: readonly CurveRun[];
}

export interface CurvesClientOptions {
  post(message: CurvesMessage): void;
  timers: Timers;
  shown: readonly string[];
  changed(): void;
}

export class CurvesClient {
  readonly #options: CurvesClientOptions;
  readonly #requests: Requests<typeof curveRequests>;
  readonly #follower: CurveFollower;
  #known: readonly CurveRun[] = [];

  constructor(options: CurvesClientOptions) {
    const { post, timers, changed } = options;
    this.#options = options;
    this.#requests = new Requests({ post, timers, silence: "No answer came from the reader of the runs." });
    this.#follower = new CurveFollower({
      read: (params) => this.#requests.ask("read", params),
      timers,
      changed,
    });
  }

  get state(): CurvesState {
    return { ...this.#follower.state, known: this.#known };
  }

  start(): void {
    this.#options.post({ kind: "here" });
    this.show(this.#options.shown);
  }

  /** Shows these runs; what is known of others is forgotten. */
  show(shown: readonly string[]): void {
    this.#follower.show(shown);
  }

  /** Reads a run now. */
  retry(folder: string): void {
    this.#follower.retry(folder);
  }

  /** Takes a message of the other end, whatever it is. */
  receive(message: unknown): void {
    if (!isCurvesHostMessage(message)) return;
    if (message.kind === "reply" || message.kind === "refusal") this.#requests.settle(message);
    else if (message.kind === "problem") this.#follower.trouble(message.message);
    else {
      this.#known = message.runs;
      this.#options.changed();
    }
  }
}
