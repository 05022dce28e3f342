/** The state of every training row, in a byte each: data sets of the papers have 62,687 rows and are probed round after round. */
import type { Settings } from "../../../schemas/experiment.ts";
import {
  HANDS,
  type Hand,
  isHard,
  nextState,
  ROW_STATES,
  type RowEvent,
  type RowState,
  TRANSITIONS,
  TRANSITIONS_FOREVER,
} from "./rowStates.ts";

/** A letter for each state in a checkpoint; capital where the row was solved since the last probe. */
const LETTERS = "uehfnvr";
const EXCLUDED = HANDS.indexOf("excluded");

export type RowCounts = Record<RowState, number> & { edited: number; excluded: number };

export class RowBook {
  readonly #table: typeof TRANSITIONS;
  readonly #states: Uint8Array;
  readonly #hands: Uint8Array;
  readonly #solved: Uint8Array;
  #probed = false;

  constructor(rows: number, retire: Settings["curriculum"]["retire"]) {
    this.#table = retire === "forever" ? TRANSITIONS_FOREVER : TRANSITIONS;
    this.#states = new Uint8Array(rows);
    this.#hands = new Uint8Array(rows);
    this.#solved = new Uint8Array(rows);
  }

  /** A book of its own with the same rows. */
  copy(): RowBook {
    const copy = new RowBook(this.size, this.#table === TRANSITIONS_FOREVER ? "forever" : "untilHardAgain");
    copy.#states.set(this.#states);
    copy.#hands.set(this.#hands);
    copy.#solved.set(this.#solved);
    copy.#probed = this.#probed;
    return copy;
  }

  get size(): number {
    return this.#states.length;
  }

  stateOf(row: number): RowState {
    return ROW_STATES[this.#states[this.#checked(row)] as number] as RowState;
  }

  /** Moves a row along its arrow. @throws Error where there is none */
  happen(row: number, event: RowEvent): RowState {
    const next = nextState(this.stateOf(row), event, this.#table);
    this.#states[row] = ROW_STATES.indexOf(next);
    if (event === "gold-changed") this.#solved[row] = 0;
    return next;
  }

  /** A correct rollout on the raw row in training. Returns the state where it changed. */
  solve(row: number): RowState | undefined {
    const before = this.stateOf(row);
    const after = this.happen(row, "solved");
    this.#solved[row] = 1;
    return after === before ? undefined : after;
  }

  /** Whether training saw a correct rollout on the raw row since the last probe, so that a fast probe may skip it. */
  solvedSinceProbe(row: number): boolean {
    return this.#solved[this.#checked(row)] === 1;
  }

  /** Whether any probe is over: before that nobody knows how many rows are hard. */
  get probed(): boolean {
    return this.#probed;
  }

  /** A probe of all rows is over. */
  probeOver(): void {
    this.#probed = true;
    this.#solved.fill(0);
  }

  handOf(row: number): Hand {
    return HANDS[this.#hands[this.#checked(row)] as number] as Hand;
  }

  setHand(row: number, hand: Hand): void {
    this.#hands[this.#checked(row)] = HANDS.indexOf(hand);
  }

  /** Rows in each state, those that are excluded by hand left out of it, and rows under a hand. */
  counts(): RowCounts {
    const states = new Uint32Array(ROW_STATES.length);
    const hands = new Uint32Array(HANDS.length);
    for (let row = 0; row < this.size; row++) {
      const hand = this.#hands[row] as number;
      hands[hand] = (hands[hand] as number) + 1;
      if (hand === EXCLUDED) continue;
      const state = this.#states[row] as number;
      states[state] = (states[state] as number) + 1;
    }
    const ofHand = (name: Hand): number => hands[HANDS.indexOf(name)] as number;
    const byState = Object.fromEntries(ROW_STATES.map((state, index) => [state, states[index] as number]));
    return { ...(byState as Record<RowState, number>), edited: ofHand("edited"), excluded: ofHand("excluded") };
  }

  /** Rows that are hard, whatever was given to them, without those excluded by hand; null where none was ever probed. */
  get hard(): number | null {
    return this.#probed ? sumHard(this.counts()) : null;
  }

  /** One letter for each row; the researcher's hands are not in it, since they are recorded as what they are: input. */
  get letters(): string {
    let text = "";
    for (let row = 0; row < this.size; row++) {
      const letter = LETTERS[this.#states[row] as number] as string;
      text += this.#solved[row] === 1 ? letter.toUpperCase() : letter;
    }
    return text;
  }

  /** The inverse of letters. @throws RangeError where they are not of as many rows, or not ours */
  read(letters: string, probed: boolean): void {
    this.#probed = probed;
    if (letters.length !== this.size) throw new RangeError(`${letters.length} states for ${this.size} rows`);
    for (let row = 0; row < this.size; row++) {
      const letter = letters[row] as string;
      const state = LETTERS.indexOf(letter.toLowerCase());
      if (state === -1) throw new RangeError(`"${letter}" is no state of a row`);
      this.#states[row] = state;
      this.#solved[row] = letter === letter.toLowerCase() ? 0 : 1;
    }
  }

  #checked(row: number): number {
    if (!(row >= 0 && row < this.size)) throw new RangeError(`No training row ${row}`);
    return row;
  }
}

export function sumHard(counts: RowCounts): number {
  return ROW_STATES.filter(isHard).reduce((sum, state) => sum + counts[state], 0);
}
