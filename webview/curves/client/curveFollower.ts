/** Asks the worker for the curves that are shown, again and again: often while a run may be going on, now and then otherwise. */
import type { CurvePart, curveRequests } from "../../../schemas/curvesView.ts";
import type { ParamsOf } from "../../../schemas/viewMessages.ts";
import { RequestFailed, type Timers } from "../../client/requests.ts";
import { type RunCurve, START, withPart } from "./curveData.ts";

/** Milliseconds. */
const WHILE_LIVE = 500;
const WHILE_ENDED = 5000;
const AFTER_FAILURE = 1500;

export interface Followed {
  /** Folders of the runs that are shown, in their order. */
  shown: readonly string[];
  curves: ReadonlyMap<string, RunCurve>;
  /** Why a run cannot be read, one sentence, by folder. */
  problems: ReadonlyMap<string, string>;
}

export interface CurveFollowerOptions {
  /** @throws RequestFailed */
  read(params: ParamsOf<typeof curveRequests, "read">): Promise<CurvePart>;
  timers: Timers;
  changed(): void;
}

export class CurveFollower {
  readonly #options: CurveFollowerOptions;
  readonly #waiting = new Map<string, unknown>();
  #state: Followed = { shown: [], curves: new Map(), problems: new Map() };

  constructor(options: CurveFollowerOptions) {
    this.#options = options;
  }

  get state(): Followed {
    return this.#state;
  }

  /** Shows these runs; what is known of others is forgotten. */
  show(shown: readonly string[]): void {
    const fresh = shown.filter((folder) => !this.#state.shown.includes(folder));
    const kept = <T>(map: ReadonlyMap<string, T>) => new Map([...map].filter(([folder]) => shown.includes(folder)));
    for (const [folder, timer] of this.#waiting) {
      if (shown.includes(folder)) continue;
      this.#options.timers.clear(timer);
      this.#waiting.delete(folder);
    }
    this.#update({ shown, curves: kept(this.#state.curves), problems: kept(this.#state.problems) });
    for (const folder of fresh) this.#read(folder);
  }

  /** Reads a run now. */
  retry(folder: string): void {
    this.#options.timers.clear(this.#waiting.get(folder));
    this.#read(folder);
  }

  /** Nothing can be read just now. */
  trouble(sentence: string): void {
    this.#update({ problems: new Map(this.#state.shown.map((folder) => [folder, sentence])) });
  }

  #read(folder: string): void {
    const after = this.#state.curves.get(folder)?.cursor ?? START;
    this.#options.read({ run: folder, after }).then(
      (part) => {
        if (!this.#state.shown.includes(folder)) return;
        const before = this.#state.curves.get(folder);
        const curve = withPart(before, part);
        const problems = new Map(this.#state.problems);
        const mended = problems.delete(folder);
        if (curve !== before) this.#update({ curves: new Map(this.#state.curves).set(folder, curve), problems });
        else if (mended) this.#update({ problems });
        const live = part.state === "running" || part.state === "paused";
        this.#later(folder, part.more ? 0 : live ? WHILE_LIVE : WHILE_ENDED);
      },
      (error: unknown) => {
        if (!(error instanceof RequestFailed)) throw error;
        if (!this.#state.shown.includes(folder)) return;
        this.#update({ problems: new Map(this.#state.problems).set(folder, error.message) });
        this.#later(folder, AFTER_FAILURE);
      },
    );
  }

  #later(folder: string, milliseconds: number): void {
    this.#options.timers.clear(this.#waiting.get(folder));
    this.#waiting.set(
      folder,
      this.#options.timers.set(() => this.#read(folder), milliseconds),
    );
  }

  #update(changes: Partial<Followed>): void {
    this.#state = { ...this.#state, ...changes };
    this.#options.changed();
  }
}
