/** The view's words for what the store calls by a letter. */
import type {
  GroupDetail,
  GroupRow,
  ListQuery,
  OutcomeFilter,
  PromptMark,
  PutAs,
  RunHeader,
  SampleMoment,
  SortOrder,
} from "../../../schemas/rolloutView.ts";

export type Mark = "c" | "w" | "m" | "t";

export const markNames: Record<Mark, string> = { c: "correct", w: "wrong", m: "malformed", t: "truncated" };

export const isMark = (letter: string): letter is Mark => letter in markNames;

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

/** State of a run as its word and its codicon. */
export const runStates: Record<RunHeader["state"], { text: string; icon: string }> = {
  running: { text: "Running", icon: "sync" },
  paused: { text: "Paused", icon: "debug-pause" },
  finished: { text: "Finished", icon: "pass" },
  stopped: { text: "Stopped", icon: "debug-stop" },
  failed: { text: "Failed", icon: "error" },
  interrupted: { text: "Interrupted", icon: "debug-disconnect" },
};

/** `3 of 8 correct, 4 wrong, 1 truncated`. */
export function describeMarks(marks: string): string {
  const counts = new Map<Mark, number>();
  for (const mark of marks) if (isMark(mark)) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  const others = [...counts].filter(([mark]) => mark !== "c").map(([mark, count]) => `${count} ${markNames[mark]}`);
  return [`${counts.get("c") ?? 0} of ${marks.length} correct`, ...others].join(", ");
}

/** `step 7`, `steps 7 to 12`. */
export const stepsText = ([first, last]: [number, number]): string =>
  first === last ? `step ${first}` : `steps ${first} to ${last}`;

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

/** The same in the width of a column. */
export const shortState = (state: string): string => state.replace(/^hard-/, "hard, ").replace("-", " ");

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

/** What the editor's context menu is told of a group; samples of evaluations have no replacement. */
export const contextOf = ({ phase, sample }: Pick<GroupRow, "phase" | "sample">, folder: string): string =>
  JSON.stringify({ webviewSection: phase === "evaluation" ? "heldOutGroup" : "group", folder, sample });
