/** The view's words for what the store calls by a letter. */
import type { ListQuery, OutcomeFilter, RunHeader, SortOrder, TextScope } from "../../../schemas/rolloutView.ts";

export type Mark = "c" | "w" | "m" | "t";

export const markNames: Record<Mark, string> = { c: "correct", w: "wrong", m: "malformed", t: "truncated" };

export const isMark = (letter: string): letter is Mark => letter in markNames;

export const phaseNames = { train: "training", evaluation: "held-out", probe: "probe" } as const;

export const outcomeOptions: readonly { value: OutcomeFilter; text: string }[] = [
  { value: "any", text: "Any outcome" },
  { value: "mixed", text: "Mixed" },
  { value: "allCorrect", text: "All correct" },
  { value: "noneCorrect", text: "None correct" },
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
