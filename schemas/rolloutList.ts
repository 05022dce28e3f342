/** What the rollout view lists: rows, and which of them in which order. */
import { type Static, Type } from "@sinclair/typebox";
import { Check } from "@sinclair/typebox/value";
import type { RolloutPhase } from "./run.ts";
import { count, literals, orNull, strict, text } from "./viewMessages.ts";

/** Named with literals, since Check does not look at `enum`. */
export const phase = literals("train", "evaluation", "probe") satisfies { static: Static<typeof RolloutPhase> };

/** How a group was put; null in a row that taught nothing, and where the store is from before this was kept. */
export const PutAs = literals("raw", "few-shot", "edited");

/** A row of the list; without `rollout` the group as a whole. */
export const GroupKey = Type.Object({ step: count, phase, group: count, rollout: Type.Optional(count) }, strict);

/** One row of the view: a group of completions of one prompt, or one of its completions. */
export const GroupRow = Type.Object(
  {
    step: count,
    phase,
    group: count,
    rollout: Type.Optional(count),
    revision: Type.Integer({ minimum: 1, description: "Rises whenever the group is written again." }),
    sample: text,
    query: Type.String({ description: "What the user of the sample asks, shortened; empty where it is not known." }),
    marks: Type.String({
      pattern: "^[cwmt]*$",
      description: "For each completion: c correct, w wrong, m malformed, t truncated and not correct.",
    }),
    reward: Type.Number({ description: "Mean over the group." }),
    advantage: orNull(Type.Tuple([Type.Number(), Type.Number()], { description: "Lowest and highest." })),
    tools: Type.Array(text, { description: "Those of the gold calls first, then others that were called." }),
    goldTools: Type.Integer({ minimum: 0, description: "How many of the tools are of the gold calls." }),
    put: orNull(PutAs),
    state: Type.String({ description: "What the curriculum says of the sample now; empty where it says nothing." }),
    /** Of rows that are one completion; reward, advantage and marks are then its own. */
    one: Type.Optional(
      Type.Object(
        {
          tokens: count,
          entropy: orNull(Type.Number()),
          reason: text,
          begins: Type.String({ description: "The first words of the completion." }),
        },
        strict,
      ),
    ),
  },
  strict,
);

/**
 * `mixed`: some are correct and some are not, so that the group teaches something. The last four ask for some completion,
 * and leave only those where rows are completions.
 */
export const OutcomeFilter = literals(
  "any",
  "mixed",
  "allCorrect",
  "noneCorrect",
  "correct",
  "wrong",
  "malformed",
  "truncated",
);

/** What the curriculum says of a sample now. */
export const StateFilter = literals("any", "hard", "few-shots", "no-candidates", "unverified", "easy", "retired");

/** `replaced`: something else than the raw row stood in the prompt. */
export const PutFilter = literals("any", "raw", "replaced", "few-shot", "edited");

/** A part of the reward that some completion has below a value, or from it on. */
export const PartFilter = Type.Object(
  { name: Type.String({ maxLength: 64 }), side: literals("below", "atLeast"), value: Type.Number() },
  strict,
);

export const TextScope = literals("anywhere", "prompt", "completion");

/** First and last. */
const range = Type.Tuple([count, count]);

export const SortOrder = literals(
  "newest",
  "oldest",
  "rewardUp",
  "rewardDown",
  "correctUp",
  "correctDown",
  "spreadDown",
  "sample",
);

export const ListQuery = Type.Object(
  {
    /** Completions stand in the order of their groups. */
    rows: literals("groups", "rollouts"),
    text: Type.String({ maxLength: 200, description: "Part of a text, in any case; empty for no search." }),
    /** Where the text is looked for; `anywhere` is the sample's id and its query too. */
    within: TextScope,
    sample: Type.String({ description: "Id of the one sample that is wanted; empty for any." }),
    steps: orNull(range),
    rounds: orNull(range),
    tool: Type.String({ maxLength: 64, description: "A tool that is involved; empty for any." }),
    outcome: OutcomeFilter,
    phase: literals("any", "train", "evaluation", "probe"),
    state: StateFilter,
    put: PutFilter,
    /** Whether the rewards of a group differ: where they do not, nothing is learnt from it. */
    variance: literals("any", "zero", "some"),
    part: orNull(PartFilter),
    sort: SortOrder,
  },
  strict,
);

/** All groups, the newest first. */
export const EVERYTHING = {
  rows: "groups",
  text: "",
  within: "anywhere",
  sample: "",
  steps: null,
  rounds: null,
  tool: "",
  outcome: "any",
  phase: "any",
  state: "any",
  put: "any",
  variance: "any",
  part: null,
  sort: "newest",
} as const satisfies Static<typeof ListQuery>;

/** A filter that a person keeps under a name, in the workspace. */
export const SavedFilter = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 60 }), query: ListQuery },
  strict,
);
export const SavedFilters = Type.Array(SavedFilter, { maxItems: 50 });

/** Columns beside those that are always there. */
export const Column = literals("tools", "put", "state", "reward", "advantage", "tokens", "entropy", "reason");

/** What of a group is looked at. */
export const DetailTab = literals("completions", "prompt", "timeline", "compare");

/** How a person left a view: kept by the panel, since the editor alone may lose it when a window is reloaded. */
export const KeptView = Type.Object(
  {
    turn: Type.Integer({ minimum: 0, description: "Rises with every change: of two, the higher is the later one." }),
    query: ListQuery,
    /** The first row that was seen; null at the top. */
    anchor: orNull(GroupKey),
    selected: orNull(GroupKey),
    /** Whether the selected group is open. */
    detail: Type.Boolean(),
    tab: DetailTab,
    /** What the selected group is compared with: of the run whose folder has this name, of this one where it is null. */
    against: orNull(Type.Object({ run: orNull(text), key: GroupKey }, strict)),
    columns: Type.Array(Column, { maxItems: 8 }),
    /** Whether the filters beside the common ones are open. */
    moreFilters: Type.Boolean(),
  },
  strict,
);

/** The view before anybody has changed it. */
export const FIRST_VIEW: Static<typeof KeptView> = {
  turn: 0,
  query: EVERYTHING,
  anchor: null,
  selected: null,
  detail: false,
  tab: "completions",
  against: null,
  columns: ["tools", "reward", "advantage"],
  moreFilters: false,
};

export type GroupKey = Static<typeof GroupKey>;
export type GroupRow = Static<typeof GroupRow>;
export type PutAs = Static<typeof PutAs>;
export type OutcomeFilter = Static<typeof OutcomeFilter>;
export type StateFilter = Static<typeof StateFilter>;
export type PutFilter = Static<typeof PutFilter>;
export type PartFilter = Static<typeof PartFilter>;
export type TextScope = Static<typeof TextScope>;
export type SortOrder = Static<typeof SortOrder>;
export type ListQuery = Static<typeof ListQuery>;
export type SavedFilter = Static<typeof SavedFilter>;
export type Column = Static<typeof Column>;
export type DetailTab = Static<typeof DetailTab>;
export type KeptView = Static<typeof KeptView>;

/** A view as any version kept it, with what has come since as it is at first; undefined where it cannot be understood. */
export function keptViewIn(value: unknown): KeptView | undefined {
  if (!isObject(value)) return undefined;
  const known = Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(FIRST_VIEW, name)));
  const view: unknown = { ...FIRST_VIEW, ...known, query: queryIn(value.query) };
  return Check(KeptView, view) ? view : undefined;
}

/** Those of the filters that can be understood, as keptViewIn. */
export function savedFiltersIn(value: unknown): SavedFilter[] {
  const filters: unknown[] = Array.isArray(value) ? value : [];
  return filters
    .map((one): unknown => (isObject(one) ? { ...one, query: queryIn(one.query) } : one))
    .filter((one): one is SavedFilter => Check(SavedFilter, one));
}

const queryIn = (value: unknown): unknown => ({ ...EVERYTHING, ...(isObject(value) ? value : {}) });

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** One spelling for each row. */
export const keyOf = ({ step, phase, group, rollout }: GroupKey): string =>
  rollout === undefined ? `${step} ${phase} ${group}` : `${step} ${phase} ${group} ${rollout}`;

/** The key of a row, and nothing else of it. */
export const rowKey = ({ step, phase, group, rollout }: GroupKey): GroupKey =>
  rollout === undefined ? { step, phase, group } : { step, phase, group, rollout };

/** The group that a row is, or is one of. */
export const groupOf = ({ step, phase, group }: GroupKey): GroupKey => ({ step, phase, group });
