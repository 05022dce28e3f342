/**
 * The curriculum of a run: what is known of every row, the round that is trained on, and with them how each row is put when
 * a step draws it: raw, with few-shots, or with the researcher's edit.
 */
import type { CurriculumMode, ResolvedExperiment } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import type { FewShotReplacement } from "../../../schemas/replacement.ts";
import type { Rendered, ShownDemonstration } from "../../prompts/promptRenderer.ts";
import type { SampleState } from "../../store/writer.ts";
import type { Dataset, DrawnRow, Row, RowRollouts } from "../rows.ts";
import { FewShotPrompts } from "./fewShotPrompts.ts";
import { type HandEdit, Hands } from "./hands.ts";
import { epochOf, itemsOfStep, type Round, type RoundShape, stepsOfRound } from "./rounds.ts";
import { RowBook } from "./rowBook.ts";
import { isHard } from "./rowStates.ts";

export class Curriculum {
  readonly hands = new Hands();
  readonly fewShots: FewShotPrompts;
  readonly mode: CurriculumMode;
  readonly shape: RoundShape;
  readonly #seed: number;
  readonly #data: Dataset;
  #book: RowBook;
  #round: Round | undefined;
  #added = new Set<number>();

  constructor({ seed, settings }: Pick<ResolvedExperiment, "seed" | "settings">, data: Dataset) {
    this.mode = settings.curriculum.mode;
    this.shape = {
      rows: data.train.length,
      batch: settings.sampling.promptsPerStep,
      epochsPerRound: settings.curriculum.epochsPerRound,
    };
    this.#seed = seed;
    this.fewShots = new FewShotPrompts(seed, settings.curriculum, data, this.hands);
    this.#data = data;
    this.#book = new RowBook(data.train.length, settings.curriculum.retire);
  }

  get book(): RowBook {
    return this.#book;
  }

  /** Undefined before the first one. */
  get round(): Round | undefined {
    return this.#round;
  }

  /** Takes over what a probe found. */
  adopt(book: RowBook): void {
    this.#book = book;
  }

  open(round: Round): void {
    this.#round = round;
    this.#added = new Set(round.added);
    this.fewShots.forget();
  }

  /** Whether a step lies behind the end of the round that is open. */
  isOver(step: number): boolean {
    return this.#round === undefined || step >= this.#round.firstStep + stepsOfRound(this.#round, this.shape);
  }

  /** Passes gone through when a step begins, from 0. */
  epochOf(step: number): number {
    return epochOf(this.#current(), this.shape, step);
  }

  /** A row as its file has it, with the gold in force. */
  row(index: number): Row {
    const row = this.#data.train[index];
    if (!row) throw new RangeError(`No training row ${index}`);
    const gold = this.hands.goldOf(index);
    return gold ? { ...row, sample: { ...row.sample, answer: gold } } : row;
  }

  /** Rows that a probe looks at: all but those that the researcher left out for good. */
  probedRows(): Row[] {
    return this.#data.train.flatMap(({ index }) => {
      const replacement = this.hands.of(index)?.replacement;
      return replacement?.action === "exclude" && replacement.scope === "always" ? [] : [this.row(index)];
    });
  }

  /**
   * The rows of a step, each in the version it is drawn in.
   *
   * @throws InputError where fewer rows are left than a step draws
   */
  drawn(step: number): DrawnRow[] {
    const items = itemsOfStep(this.#current(), this.shape, this.#seed, step, (item) => this.#isLive(item));
    if (items.length < this.shape.batch) {
      throw new InputError(
        `Only ${items.length} of ${this.shape.rows} training rows are left to draw in step ${step}, and a step draws ${this.shape.batch}; lower settings.sampling.promptsPerStep, add rows, or choose another settings.curriculum.mode than "${this.mode}".`,
      );
    }
    return items.map((item) => this.#version(item));
  }

  /**
   * Retires the rows that have a correct rollout on their raw form among the groups of a step.
   *
   * @returns the rows whose state changed
   */
  solve(groups: readonly RowRollouts<DrawnRow>[]): SampleState[] {
    return groups.flatMap(({ row, rollouts }) => {
      if (row.version !== "raw" || !rollouts.some(({ correct }) => correct)) return [];
      const state = this.#book.solve(row.index);
      return state === undefined ? [] : [{ sample: row.sample.id, state }];
    });
  }

  /** A row as the algorithm alone puts it now, with its few-shots where it has any: what an edit of it stands in place of. */
  automatic(index: number): Pick<DrawnRow, "index" | "sample" | "prompt" | "version"> {
    const row = this.#data.train[index];
    if (!row) throw new RangeError(`No training row ${index}`);
    const chosen = this.#round && this.#fewShots(index);
    return chosen ? { ...row, prompt: chosen.prompt, version: "few-shot" } : { ...row, version: "raw" };
  }

  /** Puts an edit in force. @returns what the row is now */
  take(edit: HandEdit): SampleState {
    const { row, replacement, sequence } = edit;
    if (this.hands.apply(edit)) this.#book.happen(row, "gold-changed");
    this.#markHand(edit);
    const hand = this.#book.handOf(row);
    return {
      sample: this.row(row).sample.id,
      state: hand === "none" ? this.#book.stateOf(row) : hand,
      detail: { edit: sequence, action: replacement?.action ?? "automatic" },
    };
  }

  /** As take, of an edit that a checkpoint already knows of: what it did to the states is in them. */
  recall(edit: HandEdit): void {
    this.hands.apply(edit);
    this.#markHand(edit);
  }

  #markHand({ row, replacement }: HandEdit): void {
    this.#book.setHand(row, replacement === null ? "none" : replacement.action === "exclude" ? "excluded" : "edited");
  }

  #current(): Round {
    if (this.#round === undefined) throw new Error("No round is open");
    return this.#round;
  }

  #isLive(item: number): boolean {
    const { rows } = this.shape;
    const row = item < rows ? item : (this.#current().added[item - rows] as number);
    const state = this.#book.stateOf(row);
    const replacement = this.hands.of(row)?.replacement;
    if (replacement?.action === "exclude" && (replacement.scope === "always" || isHard(state))) return false;
    if (this.#fewShotEdit(row)) return true;
    if (item >= rows) return state === "hard-few-shots";
    return this.mode !== "drop" || !isHard(state);
  }

  #version(item: number): DrawnRow {
    const { rows } = this.shape;
    const round = this.#current();
    const isAdded = item >= rows;
    const index = isAdded ? (round.added[item - rows] as number) : item;
    const row = { ...this.row(index), round: round.number };
    const stream = isAdded ? { stream: rows + index } : {};
    const edit = this.#fewShotEdit(index);
    // In `add` the raw row stays; an edit of a row that has no second item yet stands in for it until the next round.
    if (edit && (isAdded || !this.#added.has(index))) {
      const prompt = this.#data.fewShotPrompt(row.sample, shownBy(edit.replacement));
      if (prompt) return { ...row, ...stream, prompt, version: "edited", edit: edit.sequence };
    }
    const chosen = isAdded || this.mode !== "add" ? this.#fewShots(index) : undefined;
    if (chosen) return { ...row, ...stream, ...chosen, version: "few-shot" };
    const fixed = this.hands.of(index);
    return { ...row, version: "raw", ...(fixed?.replacement.action === "fixGold" ? { edit: fixed.sequence } : {}) };
  }

  /** The few-shots that the round has for a row, where they are in force now. */
  #fewShots(row: number): { prompt: Rendered; attempt: number } | undefined {
    const round = this.#current();
    const attempt = round.fewShots.get(row);
    const due = this.mode === "few-shot-only" || this.#book.stateOf(row) === "hard-few-shots";
    if (attempt === undefined || !due) return undefined;
    return { prompt: this.fewShots.promptOf(round, row, attempt), attempt };
  }

  /** The researcher's few-shots for a row, where they are in force now. */
  #fewShotEdit(row: number): (HandEdit & { replacement: FewShotReplacement }) | undefined {
    const edit = this.hands.of(row);
    if (edit?.replacement.action !== "fewshot") return undefined;
    const { replacement } = edit;
    if (replacement.scope === "whileHard" && !isHard(this.#book.stateOf(row))) return undefined;
    return { ...edit, replacement };
  }
}

/** The demonstrations of an edit as a prompt shows them. */
export function shownBy({ demonstrations }: FewShotReplacement): ShownDemonstration[] {
  return demonstrations.map(({ query, thought, calls }) => ({ query, thought, answer: calls }));
}
