/** Where clients try edits: each try waits until the loop is at its gate, has the engine to itself, and tells its own client. */
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { describe, InputError } from "../../../schemas/problem.ts";
import type { Replacement } from "../../../schemas/replacement.ts";
import type { TriedRollout, TryEvent, TryRequest } from "../../../schemas/tries.ts";
import type { Run } from "../context.ts";
import type { Control } from "../control.ts";
import { isAbort } from "../engine/remote/errors.ts";
import type { Judge } from "../judge.ts";
import type { Dataset } from "../rows.ts";
import { type Drawing, drawTries, triedRows } from "../tries.ts";
import { OVER_BUDGET } from "./handEdits.ts";

/** Tries that may wait or draw at a time: the run stands still for each of them. */
const MOST = 4;

const ENDING = "The run is ending, so nothing can be tried on its policy any more; try it on a run that goes on.";

/** What a run must have before anything can be tried. */
export interface TryDeskOptions {
  experiment: ResolvedExperiment;
  data: Dataset;
  control: Control;
  /** The replacement in a text, or why no run would take it. */
  read(file: string, text: string): Replacement | string;
}

type Triable = Exclude<Replacement, { action: "exclude" }>;

/** What a try has when its turn has come. */
interface Turn {
  id: string;
  n: number;
  judge: Judge;
  tell(event: TryEvent): void;
  signal: AbortSignal;
  updating: boolean;
}

export class TryDesk {
  readonly #options: TryDeskOptions;
  /** By the client's id. */
  readonly #open = new Map<string, AbortController>();
  #run: Pick<Run, "engine" | "progress"> | undefined;
  #judge: Promise<Judge> | undefined;
  #number = 0;
  #isClosed = false;

  constructor(options: TryDeskOptions) {
    this.#options = options;
  }

  /** The engine and the rows' states that tries see from here on; undefined while there are none. */
  use(run: Pick<Run, "engine" | "progress"> | undefined): void {
    this.#run = run;
  }

  /**
   * Takes a try, which tells what becomes of it until it has ended.
   *
   * @param left aborts when the client has gone
   * @returns why there will be none; null where it waits for its turn
   */
  begin({ id, file, text, rollouts }: TryRequest, tell: (event: TryEvent) => void, left: AbortSignal): string | null {
    if (this.#isClosed) return ENDING;
    if (this.#open.has(id)) return "A try with this id is under way.";
    if (this.#open.size >= MOST) return `${MOST} tries are under way already; wait for one of them, or cancel it.`;
    const replacement = this.#options.read(file, text);
    if (typeof replacement === "string") return replacement;
    if (replacement.action === "exclude") return "An excluded sample is not drawn, so there is nothing to try.";
    const cancel = new AbortController();
    this.#open.set(id, cancel);
    const signal = AbortSignal.any([cancel.signal, left, this.#options.control.stopping]);
    const end = (how: "done" | "cancelled" | "failed", reason: string | null = null): void => {
      if (this.#open.get(id) !== cancel) return;
      this.#open.delete(id);
      tell({ id, kind: "ended", how, reason });
    };
    const breakOff = (): void => {
      const isWanted = cancel.signal.aborted && !this.#isClosed;
      if (isWanted) end("cancelled");
      else end("failed", ENDING);
    };
    // One that waits ends at once; of one that draws, the engine is asked to leave the rest.
    signal.addEventListener("abort", breakOff, { once: true });
    if (signal.aborted) breakOff();
    const attempt = async (work: () => Promise<unknown>): Promise<void> => {
      try {
        if (!signal.aborted) await work();
      } catch (error) {
        // One that was broken off has been told of.
        if (!signal.aborted || !isAbort(error)) end("failed", sentenceOf(error));
      }
    };
    void attempt(async () => {
      // Loading a reward takes its time, and the run does not wait for that, nor for the judging.
      const judge = await this.#loadedJudge();
      this.#options.control.interlude((updating) =>
        attempt(async () => {
          const drawn = await this.#draw(replacement, { id, n: rollouts, judge, tell, signal, updating });
          void attempt(async () => {
            await drawn.judged;
            end("done");
          });
        }),
      );
    });
    return null;
  }

  /** Breaks a try off; one that has ended, or never was, needs nothing. */
  cancel(id: string): void {
    this.#open.get(id)?.abort();
  }

  /** The loop will come to no gate any more. */
  close(): void {
    this.#isClosed = true;
    for (const cancel of [...this.#open.values()]) cancel.abort();
  }

  #draw(replacement: Triable, { id, n, judge, tell, signal, updating }: Turn): Promise<Drawing> {
    const { experiment, data } = this.#options;
    if (!this.#run) throw new InputError("The run has no policy to ask right now; try it again in a moment.");
    const { engine, progress } = this.#run;
    const index = data.train.findIndex(({ sample }) => sample.id === replacement.sample);
    const rows = triedRows(data, progress.curriculum, index, replacement);
    if (!rows) throw new InputError(OVER_BUDGET);
    const { step } = progress;
    const sides = rows.map(({ side, version, prompt }) => ({ side, version, tokens: prompt.tokens.length }));
    tell({ id, kind: "begun", step, updating, sides });
    const number = ++this.#number;
    const tried = (rollout: TriedRollout): void => tell({ id, kind: "rollout", rollout });
    return drawTries(engine, experiment, judge, rows, { n, number, step, tried, signal });
  }

  /** One that did not load is loaded anew with the next try: its file may be mended by then. */
  #loadedJudge(): Promise<Judge> {
    this.#judge ??= this.#options.data.judgeApart();
    return this.#judge.catch((error: unknown) => {
      this.#judge = undefined;
      throw error;
    });
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof InputError) return describe(error);
  return `The try failed: ${error instanceof Error ? error.message : String(error)}`;
}
