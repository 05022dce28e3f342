/** The view's end of its conversation: what is known of the runs is asked for again and again, rows where somebody looks. */
import {
  type CompareMessage,
  type compareRequests,
  isCompareHostMessage,
  type Overview,
  type SamplesPage,
  type SamplesParams,
} from "../../../schemas/compareView.ts";
import { RequestFailed, Requests, type Timers } from "../../client/requests.ts";
import { CurveFollower, type Followed } from "../../curves/client/curveFollower.ts";

/** Milliseconds. Results come with evaluations and probes, which are seldom. */
const WHILE_LIVE = 3000;
const WHILE_ENDED = 15_000;
const AFTER_FAILURE = 3000;

export interface CompareState {
  /** Folders, in their order; the others are compared with the first. */
  runs: readonly string[];
  /** The same object as long as nothing in it changes. */
  overview: Overview | undefined;
  /** Why nothing can be compared just now, one sentence. */
  problem: string | undefined;
  curves: Followed;
}

export interface CompareClientOptions {
  post(message: CompareMessage): void;
  timers: Timers;
  runs: readonly string[];
  changed(): void;
}

export class CompareClient {
  readonly #options: CompareClientOptions;
  readonly #requests: Requests<typeof compareRequests>;
  readonly #follower: CurveFollower;
  #state: Omit<CompareState, "curves">;
  #timer: unknown;

  constructor(options: CompareClientOptions) {
    const { post, timers, changed, runs } = options;
    this.#options = options;
    this.#requests = new Requests({ post, timers, silence: "No answer came from the reader of the runs." });
    this.#follower = new CurveFollower({ read: (params) => this.#requests.ask("read", params), timers, changed });
    this.#state = { runs, overview: undefined, problem: undefined };
  }

  get state(): CompareState {
    return { ...this.#state, curves: this.#follower.state };
  }

  start(): void {
    this.#follower.show(this.#state.runs);
    this.retry();
  }

  /** The same runs with another one as the first. */
  reorder(runs: readonly string[]): void {
    this.#update({ runs, overview: undefined });
    this.#follower.show(runs);
    this.retry();
  }

  /** Asks now. */
  retry(): void {
    this.#options.timers.clear(this.#timer);
    const { runs } = this.#state;
    this.#requests.ask("overview", { runs: [...runs] }).then(
      (overview) => {
        if (runs !== this.#state.runs) return;
        if (JSON.stringify(overview) !== JSON.stringify(this.#state.overview)) this.#update({ overview });
        if (this.#state.problem !== undefined) this.#update({ problem: undefined });
        const live = overview.runs.some(({ state }) => state === "running" || state === "paused");
        this.#later(live ? WHILE_LIVE : WHILE_ENDED);
      },
      (error: unknown) => {
        if (!(error instanceof RequestFailed)) throw error;
        if (runs !== this.#state.runs) return;
        this.#update({ problem: error.message });
        this.#later(AFTER_FAILURE);
      },
    );
  }

  /** @throws RequestFailed */
  samples(params: SamplesParams): Promise<SamplesPage> {
    return this.#requests.ask("samples", params);
  }

  /** Takes a message of the other end, whatever it is. */
  receive(message: unknown): void {
    if (!isCompareHostMessage(message)) return;
    if (message.kind === "problem") this.#update({ problem: message.message });
    else this.#requests.settle(message);
  }

  #later(milliseconds: number): void {
    this.#options.timers.clear(this.#timer);
    this.#timer = this.#options.timers.set(() => this.retry(), milliseconds);
  }

  #update(changes: Partial<Omit<CompareState, "curves">>): void {
    this.#state = { ...this.#state, ...changes };
    this.#options.changed();
  }
}
