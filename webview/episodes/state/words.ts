/** The view's words for what episodes are made of. */
import type {
  EpisodeDetail,
  EpisodeQuery,
  EpisodeRow,
  EpisodeSort,
  EpisodesHeader,
  ShownAction,
  ShownChoice,
  ShownTurn,
} from "../../../schemas/episodesView.ts";
import { oneLine } from "../../text/visible.ts";
import type { Mark } from "../../words/marks.ts";
import { decimal, plural, signed } from "../../words/numbers.ts";

/** Plain reasoning counts as a tool, and has no name. */
const PLAIN_REASONING = "plain reasoning";

export const toolName = (tool: string | null): string => (tool === null ? PLAIN_REASONING : oneLine(tool, 60));

/** The shape in front of an episode: an episode that never came to an answer is cut off. */
export function markOf({ correct, end }: Pick<EpisodeRow, "correct" | "end">): Mark {
  if (end === "skipped") return "m";
  if (correct) return "c";
  return end === "answered" ? "w" : "t";
}

export function outcomeText({ correct, end }: Pick<EpisodeRow, "correct" | "end">): string {
  if (end !== "answered") return end;
  return correct ? "correct" : "wrong";
}

/** Where an episode is from: `stored`, `played at step 50`. */
export const originText = ({ phase, step }: Pick<EpisodeRow, "phase" | "step">): string =>
  phase === "stored" ? "stored" : `played at step ${step}`;

/** A row for those who hear it. */
export function spokenRow(row: EpisodeRow): string {
  return [
    oneLine(row.query, 160),
    outcomeText(row),
    plural(row.turns, "turn"),
    row.return === null ? "" : `return ${decimal(row.return)}`,
    row.tools.length === 0 ? "no tool called" : `tools ${row.tools.map((tool) => oneLine(tool, 40)).join(", ")}`,
    row.category === null ? "" : `category ${oneLine(row.category, 40)}`,
    originText(row),
    oneLine(row.question, 60),
  ]
    .filter(Boolean)
    .join(", ");
}

export const troubleSentences: Record<NonNullable<ShownTurn["trouble"]>, string> = {
  refused: "The tool does not take this call, so it was not made.",
  failed: "The tool failed: it threw, or returned nothing that can be read.",
  cut: "A limit of time or memory ended the call.",
  none: "Nobody knows what the tool answers to this call: no result is recorded, and no function answers for it.",
  broken: "The action cannot be read, so no tool was called.",
};

/** Which rule took the action, and among what. */
export function ruleSentence({ by, candidates }: ShownChoice, threshold: number | null): string {
  if (by === "best") {
    const above = threshold === null ? "the threshold" : `the threshold of ${threshold}`;
    return `Nothing scored above ${above}, so the best of nothing viable was taken. That is no rare choice: it is paid nothing for diversity.`;
  }
  const above = threshold === null ? "" : ` (score above ${threshold})`;
  const viable = candidates?.filter((candidate) => candidate.viable).length;
  if (viable === 1) return `The one viable action${above} among ${candidates?.length}.`;
  const among =
    viable === undefined
      ? `Of the viable actions${above}`
      : `Of ${viable} viable actions${above} among ${candidates?.length}`;
  if (by === "least-used") return `${among}, the one whose tool the data set had used least so far (${by}).`;
  if (by === "lowest-viable") return `${among}, the one with the lowest score (${by}).`;
  return `${among}, the one that the rule ${oneLine(by, 40)} takes.`;
}

/** An action on one line, as in the head of a turn. */
export function actionLine(action: ShownAction): string {
  if (action.kind === "answer") return `answer: ${oneLine(action.text.text, 120)}`;
  if (action.kind === "broken") return `cannot be read: ${oneLine(action.fault, 120)}`;
  const values = action.arguments.map(({ name, value }) => `${oneLine(name, 40)}: ${oneLine(value, 60)}`);
  return `${oneLine(action.name, 60)}(${values.join(", ")}${action.more > 0 ? ", …" : ""})`;
}

/** What is said when somebody steps to a turn. */
export function spokenTurn({ turns }: EpisodeDetail, index: number): string {
  const turn = turns[index];
  if (!turn) return "";
  const score = turn.choice ? `, score ${scoreText(turn.choice.score)}` : "";
  const paid = turn.reward ? `, reward ${signed(turn.reward.sum)}` : "";
  return `Turn ${index + 1} of ${turns.length}: ${actionLine(turn.action)}${score}${paid}`;
}

/** Whole where it is. */
export const scoreText = (score: number): string => (Number.isInteger(score) ? String(score) : decimal(score));

export const correctOptions: readonly { value: EpisodeQuery["correct"]; text: string }[] = [
  { value: "any", text: "Any outcome" },
  { value: "correct", text: "Correct" },
  { value: "wrong", text: "Not correct" },
];

export const endOptions: readonly { value: EpisodeQuery["end"]; text: string }[] = [
  { value: "any", text: "Any end" },
  { value: "answered", text: "Answered" },
  { value: "ran out of steps", text: "Ran out of steps" },
  { value: "prompt too long", text: "Prompt too long" },
  { value: "skipped", text: "Skipped" },
];

export const happenedOptions: readonly { value: EpisodeQuery["happened"]; text: string }[] = [
  { value: "anything", text: "Any event" },
  { value: "trouble", text: "A call went wrong" },
  { value: "nothingViable", text: "Nothing was viable" },
];

const ORDERS: readonly { value: EpisodeSort; text: string; ofRuns?: true }[] = [
  { value: "newest", text: "Newest first", ofRuns: true },
  { value: "oldest", text: "Oldest first", ofRuns: true },
  { value: "question", text: "By question" },
  { value: "category", text: "By category" },
  { value: "wrongFirst", text: "Wrong first" },
  { value: "correctFirst", text: "Correct first" },
  { value: "turnsDown", text: "Most turns" },
  { value: "turnsUp", text: "Fewest turns" },
  { value: "returnDown", text: "Highest return" },
  { value: "returnUp", text: "Lowest return" },
];

/** A file has one time, so newest and oldest are both its own order. */
export const sortOptions = (ofFile: boolean): { value: EpisodeSort; text: string }[] =>
  ORDERS.flatMap(({ value, text, ofRuns }) => {
    if (!ofFile || !ofRuns) return [{ value, text }];
    return value === "newest" ? [{ value, text: "As in the file" }] : [];
  });

/** Where episodes are from, as values of a field: `any`, `stored`, `played`, or a step. */
export function originOptions({
  stored,
  played,
}: Pick<EpisodesHeader, "stored" | "played">): { value: string; text: string }[] {
  return [
    { value: "any", text: "Any origin" },
    ...(stored ? [{ value: "stored", text: "Stored" }] : []),
    ...(played.length > 0 ? [{ value: "played", text: "Played" }] : []),
    ...played.map((step) => ({ value: String(step), text: `Played at step ${step}` })),
  ];
}

export const originValue = (from: EpisodeQuery["from"]): string =>
  typeof from === "object" ? String(from.step) : from;

export function originOf(value: string): EpisodeQuery["from"] {
  return value === "any" || value === "stored" || value === "played" ? value : { step: Number(value) };
}
