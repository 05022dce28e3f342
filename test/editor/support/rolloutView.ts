/** The view of a run's rollouts, as it looks from outside. */
import type { FrameLocator, Locator } from "playwright-core";
import type { EditorWindow } from "./window.ts";

/** A row as it was drawn. */
export interface ShownRow {
  step: number;
  /** Name of the phase. */
  phase: string;
  sample: string;
  /** The outcomes in words: `3 of 8 correct, 5 wrong`. */
  outcomes: string;
  /** Mean reward with two decimals. */
  reward: string;
}

/**
 * Runs in the view: notes every row that is ever drawn, however short it stays. A text, since it is run by another program
 * than the one that type-checks it.
 */
const watching = `(() => {
  const seen = new Set();
  const text = (row, cell) => row.querySelector(cell)?.textContent ?? "";
  const note = () => {
    for (const row of document.querySelectorAll("[role=grid] [role=row][aria-rowindex]")) {
      if (!row.querySelector(".sample .mono") || !row.querySelector(".outcomes .for-readers")) continue;
      seen.add(JSON.stringify({
        step: parseInt(text(row, ".step"), 10),
        phase: text(row, ".step .for-readers"),
        sample: text(row, ".sample .mono"),
        outcomes: text(row, ".outcomes .for-readers"),
        reward: text(row, ".reward"),
      }));
    }
  };
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  note();
  globalThis.rowsShown = () => [...seen];
})()`;

export class RolloutView {
  readonly #frame: FrameLocator;

  constructor(window: EditorWindow) {
    this.#frame = window.webview;
  }

  get rows(): Locator {
    return this.#frame.locator("[role=grid] [role=row]:has(.sample .mono)");
  }

  get detail(): Locator {
    return this.#frame.getByRole("region", { name: "Group of completions" });
  }

  /** The run's state in a word. */
  get state(): Locator {
    return this.#frame.locator("header .state");
  }

  /** A notice in the view, which a screen reader announces. */
  problem(text: RegExp): Locator {
    return this.#frame.getByRole("alert").filter({ hasText: text });
  }

  /** Waits for the first row, and notes from then on which are drawn. */
  async watch(patience?: number): Promise<void> {
    await this.rows.first().waitFor(patience === undefined ? {} : { timeout: patience });
    await this.#body.evaluate(watching);
  }

  /** Every row that was drawn since `watch`. */
  async shown(): Promise<ShownRow[]> {
    const rows: string[] = await this.#body.evaluate("globalThis.rowsShown()");
    return rows.map((row): ShownRow => JSON.parse(row));
  }

  get #body(): Locator {
    return this.#frame.locator("body");
  }
}
