/**
 * What the curriculum knows of a training row, and how it comes to know more (ToolExpander §3.1, §3.2). The table is the
 * whole of it: an event without an arrow from a state is a defect of the caller.
 */

export const ROW_STATES = [
  "unprobed",
  /** Had a correct rollout on the raw row when it was last probed, and was never hard. */
  "easy",
  /** No rollout on the raw row was correct; nothing has been attached to it yet. */
  "hard",
  "hard-few-shots",
  /** No other row and no demonstration uses its tools with another answer. */
  "hard-no-candidates",
  /** There are candidates, but no choice of them was verified, or none fits the token budget. */
  "hard-unverified",
  /** Was hard, and has had a correct rollout on the raw row since. */
  "retired",
] as const;

export type RowState = (typeof ROW_STATES)[number];

/**
 * `solved`, `unsolved`: a probe or a training rollout on the raw row. The next three say what the round gave a hard row.
 * `gold-changed`: the researcher corrected its gold answer, so nothing is known of the row any more.
 */
export const ROW_EVENTS = ["solved", "unsolved", "few-shots", "no-candidates", "unverified", "gold-changed"] as const;

export type RowEvent = (typeof ROW_EVENTS)[number];

type Arrows = Partial<Record<RowEvent, RowState>>;

/** Whatever a hard row was given, it is probed raw in the next round. */
const given: Arrows = { solved: "retired", unsolved: "hard", "gold-changed": "unprobed" };

/** `retire: untilHardAgain`: each round probes afresh. */
export const TRANSITIONS: Readonly<Record<RowState, Arrows>> = {
  unprobed: { solved: "easy", unsolved: "hard", "gold-changed": "unprobed" },
  easy: { solved: "easy", unsolved: "hard", "gold-changed": "unprobed" },
  hard: {
    ...given,
    "few-shots": "hard-few-shots",
    "no-candidates": "hard-no-candidates",
    unverified: "hard-unverified",
  },
  "hard-few-shots": given,
  "hard-no-candidates": given,
  "hard-unverified": given,
  retired: { solved: "retired", unsolved: "hard", "gold-changed": "unprobed" },
};

/** `retire: forever`: what was solved once stays solved. */
export const TRANSITIONS_FOREVER: typeof TRANSITIONS = {
  ...TRANSITIONS,
  retired: { ...TRANSITIONS.retired, unsolved: "retired" },
};

/** @throws Error where the table has no such arrow */
export function nextState(state: RowState, event: RowEvent, table = TRANSITIONS): RowState {
  const next = table[state][event];
  if (next === undefined) throw new Error(`A row that is ${state} cannot become anything by "${event}"`);
  return next;
}

export const isHard = (state: RowState): boolean => state.startsWith("hard");

/** What the researcher did with a row, over whatever its state is; giving it back leaves that state in force again. */
export const HANDS = ["none", "edited", "excluded"] as const;

export type Hand = (typeof HANDS)[number];
