/** The try of one open replacement editor, kept here so that a view that was hidden finds it again. Knows no editor. */
import { randomUUID } from "node:crypto";
import type { TriedRollout, TryEvent } from "../../schemas/tries.ts";
import type { TriedPosition, TryHostMessage, TryState } from "../../schemas/tryView.ts";
import type { ReplacementClient } from "./replacementClient.ts";
import { toldBy } from "./savings.ts";

export interface TrySessionOptions {
  client: Pick<ReplacementClient, "try" | "cancelTry">;
  /** Absolute path of the edit. */
  file: string;
  /** How many the next try draws of each side. */
  rollouts(): number;
  post(message: TryHostMessage): void;
}

export class TrySession {
  readonly #options: TrySessionOptions;
  #id = "";
  #state: TryState | undefined;
  /** What the policy is told by the text that was tried. */
  #told = "";

  constructor(options: TrySessionOptions) {
    this.#options = options;
  }

  /** Tells the view all of it. */
  show(): void {
    this.#options.post({ kind: "try", try: this.#state ?? null, rollouts: this.#options.rollouts() });
  }

  /** Tries a text in place of what was tried before. Settles when the run has taken or refused it; never rejects. */
  async start({ text }: { text: string }): Promise<void> {
    const { client, file, rollouts } = this.#options;
    this.cancel();
    const id = randomUUID();
    this.#id = id;
    this.#told = toldBy(text);
    this.#become({
      phase: "asking",
      rollouts: rollouts(),
      older: false,
      reason: null,
      remedy: null,
      policy: null,
      sides: [],
      tried: [],
    });
    try {
      const asked = { id, file, text, rollouts: rollouts() };
      const { refused, remedy } = await client.try(asked, (event) => this.#take(event));
      if (this.#id !== id) return;
      if (refused !== null) this.#change({ phase: "refused", reason: refused, remedy });
      // A run that stands still may have begun before its answer is here.
      else if (this.#state?.phase === "asking") this.#change({ phase: "waiting" });
    } catch (error) {
      if (this.#id !== id) return;
      this.#change({ phase: "refused", reason: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Says of what was tried whether the text tells the policy the same. */
  compare(text: string): void {
    if (!this.#state) return;
    const older = toldBy(text) !== this.#told;
    if (older !== this.#state.older) this.#change({ older });
  }

  /** Breaks the try off where one is under way. */
  cancel(): void {
    if (!this.isOpen) return;
    // A connection that is gone has ended it.
    this.#options.client.cancelTry(this.#id).catch(() => {});
  }

  get isOpen(): boolean {
    const phase = this.#state?.phase;
    return phase === "asking" || phase === "waiting" || phase === "drawing";
  }

  rolloutAt({ side, rollout }: TriedPosition): TriedRollout | undefined {
    return this.#state?.tried.find((one) => one.side === side && one.rollout === rollout);
  }

  #take(event: TryEvent): void {
    if (event.id !== this.#id || !this.#state) return;
    switch (event.kind) {
      case "begun": {
        const { step, updating, sides } = event;
        this.#change({ phase: "drawing", policy: { step, updating }, sides });
        break;
      }
      case "rollout":
        this.#state.tried.push(event.rollout);
        this.#options.post({ kind: "tried", rollout: event.rollout });
        break;
      case "ended":
        this.#change({ phase: event.how, reason: event.reason });
        break;
    }
  }

  #change(changes: Partial<TryState>): void {
    if (this.#state) this.#become({ ...this.#state, ...changes });
  }

  #become(state: TryState): void {
    this.#state = state;
    this.show();
  }
}
