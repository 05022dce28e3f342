/** The researcher's edits in force. They are input: each is recorded with the first step that may use it. */
import type { Replacement } from "../../../schemas/replacement.ts";
import type { ToolCall } from "../../../schemas/samples.ts";

/** An accepted edit, or the taking back of one. */
export interface HandEdit {
  /** Rises with every edit of the run. */
  sequence: number;
  /** The first step that may use it. */
  step: number;
  /** Index of the training row. */
  row: number;
  /** Null gives the choice back to the algorithm. */
  replacement: Replacement | null;
}

/** Where a run's edits come from: those on record for steps that are replayed, new ones for a step that was never taken. */
export interface EditSource {
  /** Edits whose first step is this one. */
  at(step: number): HandEdit[];
}

export class Hands {
  readonly #edits: HandEdit[] = [];
  readonly #inForce = new Map<number, HandEdit & { replacement: Replacement }>();

  /** @returns whether the row's gold answer may be another one now */
  apply(edit: HandEdit): boolean {
    const { row, replacement } = edit;
    const before = this.#inForce.get(row)?.replacement.action;
    this.#edits.push(edit);
    if (replacement === null) this.#inForce.delete(row);
    else this.#inForce.set(row, { ...edit, replacement });
    return before === "fixGold" || replacement?.action === "fixGold";
  }

  of(row: number): (HandEdit & { replacement: Replacement }) | undefined {
    return this.#inForce.get(row);
  }

  /** The gold that the researcher set for a row, where that is so. */
  goldOf(row: number): ToolCall[] | undefined {
    return goldIn(this.#inForce.get(row)?.replacement);
  }

  /** Golds by row as they were before a step's edits came in. */
  goldsBefore(step: number): Map<number, ToolCall[]> {
    const golds = new Map<number, ToolCall[]>();
    for (const edit of this.#edits) {
      if (edit.step >= step) continue;
      const gold = goldIn(edit.replacement ?? undefined);
      if (gold) golds.set(edit.row, gold);
      else golds.delete(edit.row);
    }
    return golds;
  }
}

const goldIn = (replacement: Replacement | undefined): ToolCall[] | undefined =>
  replacement?.action === "fixGold" ? replacement.gold : undefined;
