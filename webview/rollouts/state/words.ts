/** The view's words for what the store calls by a letter. */
import type {
  GroupDetail,
  GroupRow,
  ListQuery,
  OutcomeFilter,
  PromptMark,
  PutAs,
  SampleMoment,
  SortOrder,
  TextScope,
} from "../../../schemas/rolloutView.ts";
import { rowKey } from "../../../schemas/rolloutView.ts";
import { oneLine } from "../../text/visible.ts";
import { isMark, type Mark, markNames } from "../../words/marks.ts";
import { shortState } from "../../words/rowStates.ts";

export const phaseNames = { train: "training", evaluation: "held-out", probe: "probe" } as const;

export const outcomeOptions: readonly { value: OutcomeFilter; text: string }[] = [
  { value: "any", text: "Any outcome" },
  { value: "mixed", text: "Mixed" },
  { value: "allCorrect", text: "All correct" },
  { value: "noneCorrect", text: "None correct" },
  { value: "correct", text: "Some correct" },
  { value: "wrong", text: "Some wrong" },
  { value: "malformed", text: "Some malformed" },
  { value: "truncated", text: "Some truncated" },
];

export const scopeOptions: readonly { value: TextScope; text: string }[] = [
  { value: "anywhere", text: "Anywhere" },
  { value: "prompt", text: "In prompts" },
  { value: "completion", text: "In completions" },
];

export const phaseOptions: readonly { value: ListQuery["phase"]; text: string }[] = [
  { value: "any", text: "Any phase" },
  { value: "train", text: "Training" },
  { value: "evaluation", text: "Held-out" },
  { value: "probe", text: "Probe" },
];

export const sortOptions: readonly { value: SortOrder; text: string }[] = [
  { value: "newest", text: "Newest first" },
  { value: "oldest", text: "Oldest first" },
  { value: "rewardUp", text: "Lowest reward" },
  { value: "rewardDown", text: "Highest reward" },
  { value: "correctUp", text: "Fewest correct" },
  { value: "correctDown", text: "Most correct" },
  { value: "spreadDown", text: "Widest advantages" },
  { value: "sample", text: "By sample" },
];

export const rowOptions: readonly { value: ListQuery["rows"]; text: string }[] = [
  { value: "groups", text: "groups of a sample" },
  { value: "rollouts", text: "completions, group by group" },
];

export const stateOptions: readonly { value: ListQuery["state"]; text: string }[] = [
  { value: "any", text: "in any state" },
  { value: "hard", text: "hard" },
  { value: "few-shots", text: "hard, replaced with few-shots" },
  { value: "no-candidates", text: "hard, no candidates" },
  { value: "unverified", text: "hard, no few-shots worked" },
  { value: "easy", text: "easy" },
  { value: "retired", text: "retired" },
];

export const putOptions: readonly { value: ListQuery["put"]; text: string }[] = [
  { value: "any", text: "in any version" },
  { value: "raw", text: "raw" },
  { value: "replaced", text: "replaced in any way" },
  { value: "few-shot", text: "with few-shots" },
  { value: "edited", text: "as edited by hand" },
];

export const varianceOptions: readonly { value: ListQuery["variance"]; text: string }[] = [
  { value: "any", text: "any" },
  { value: "some", text: "differ" },
  { value: "zero", text: "are all equal (zero variance)" },
];

/** `3 of 8 correct, 4 wrong, 1 truncated`. */
export function describeMarks(marks: string): string {
  const counts = new Map<Mark, number>();
  for (const mark of marks) if (isMark(mark)) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  const others = [...counts].filter(([mark]) => mark !== "c").map(([mark, count]) => `${count} ${markNames[mark]}`);
  return [`${counts.get("c") ?? 0} of ${marks.length} correct`, ...others].join(", ");
}

/** `step 7`, `steps 7 to 12`. */
export const stepsText = (range: [number, number]): string => rangeText("step", range);

export const roundsText = (range: [number, number]): string => rangeText("round", range);

const rangeText = (what: string, [first, last]: [number, number]): string =>
  first === last ? `${what} ${first}` : `${what}s ${first} to ${last}`;

/** A row for those who hear it: sample, outcome, state, and where it stands. */
export function spokenRow({ sample, query, marks, rollout, state, put, step, phase }: GroupRow): string {
  const outcome = rollout === undefined ? describeMarks(marks) : isMark(marks) ? markNames[marks] : "";
  return [
    `Sample ${oneLine(sample, 80)}`,
    rollout === undefined ? "" : `completion ${rollout + 1}`,
    outcome,
    state === "" ? "" : shortState(state),
    put === null || put === "raw" ? "" : putNames[put],
    `step ${step}, ${phaseNames[phase]}`,
    oneLine(query, 160),
  ]
    .filter(Boolean)
    .join(", ");
}

export const putNames: Record<PutAs, string> = { raw: "raw", "few-shot": "with few-shots", edited: "as edited" };

/** How the group was put, one sentence. */
export function putSentence({ row: { put }, round, edit }: Pick<GroupDetail, "row" | "round" | "edit">): string {
  const when = round === null ? "" : ` in round ${round}`;
  if (put === "few-shot") return `Few-shots stood in its place${when}.`;
  if (put === "edited") return `A hand edit stood in its place${when}.`;
  if (edit !== null) return `The raw sample was drawn${when}, with gold calls that an edit corrected.`;
  return put === "raw" ? `The raw sample was drawn${when}.` : "The raw sample was asked.";
}

const states: Readonly<Record<string, string>> = {
  unprobed: "Not probed yet.",
  easy: "Easy: solved when it was last probed.",
  hard: "Hard: no rollout was correct when it was last probed.",
  "hard-few-shots": "Hard: few-shots stand in its place.",
  "hard-no-candidates": "Hard, and there are no candidates for few-shots.",
  "hard-unverified": "Hard, and no choice of few-shots worked.",
  retired: "Retired: it was hard, and has been solved since.",
  edited: "Edited by hand.",
  excluded: "Excluded by hand.",
};

/** What the curriculum says of a sample. */
export const stateSentence = (state: string): string => states[state] ?? `State: ${state}.`;

export const editWords: Record<Extract<SampleMoment, { what: "edit" }>["action"], string> = {
  fewshot: "Demonstrations edited by hand",
  exclude: "Excluded by hand",
  fixGold: "Gold calls corrected by hand",
  automatic: "Given back to the algorithm",
  refused: "Edit refused",
};

const partNames: Record<PromptMark["kind"], string> = {
  system: "System",
  tools: "Tools",
  question: "question",
  answer: "answer",
  query: "The sample's question",
  opening: "Here the policy begins to write",
};

/** Name of a part of a prompt. */
export const markName = ({ kind, demonstration }: Pick<PromptMark, "kind" | "demonstration">): string =>
  demonstration === undefined
    ? partNames[kind]
    : `Demonstration ${demonstration + 1}: ${partNames[kind].toLowerCase()}`;

/** What the editor's context menu is told of a row; samples of evaluations have no replacement, and demonstrate nothing. */
export function contextOf(row: GroupRow, folder: string): string {
  const { phase, sample, rollout, marks } = row;
  const heldOut = phase === "evaluation";
  return JSON.stringify({
    webviewSection: heldOut ? "heldOutGroup" : "group",
    folder,
    sample,
    ...rowKey(row),
    ...(rollout !== undefined && marks === "c" && !heldOut && { promotable: true }),
  });
}
