/** Which groups a query wants, and in which order. */
import type { ListQuery, OutcomeFilter, SortOrder } from "../../../schemas/rolloutView.ts";
import type { GroupPosition, StoredGroup } from "../../../server/store/groupReader.ts";

export type Order = (a: StoredGroup, b: StoredGroup) => number;

/** Within a step training comes first, and what looked at its outcome after it. */
const phases = { train: 0, probe: 1, evaluation: 2 };

const byPlace = (a: GroupPosition, b: GroupPosition): number =>
  a.step - b.step || phases[a.phase] - phases[b.phase] || a.group - b.group;

const correct = ({ marks }: StoredGroup): number => marks.split("c").length - 1;
const share = (group: StoredGroup): number => correct(group) / Math.max(1, group.marks.length);
const spread = ({ advantage }: StoredGroup): number => (advantage ? advantage[1] - advantage[0] : -1);
const newestFirst: Order = (a, b) => byPlace(b, a);

/** Total orders: no two groups are equal in them, so that every group has one place. */
const orders: Record<SortOrder, Order> = {
  newest: newestFirst,
  oldest: byPlace,
  rewardUp: (a, b) => a.reward - b.reward || newestFirst(a, b),
  rewardDown: (a, b) => b.reward - a.reward || newestFirst(a, b),
  correctUp: (a, b) => share(a) - share(b) || newestFirst(a, b),
  correctDown: (a, b) => share(b) - share(a) || newestFirst(a, b),
  spreadDown: (a, b) => spread(b) - spread(a) || newestFirst(a, b),
  sample: (a, b) => (a.sample === b.sample ? newestFirst(a, b) : a.sample < b.sample ? -1 : 1),
};

export const orderOf = (sort: SortOrder): Order => orders[sort];

const outcomes: Record<OutcomeFilter, (marks: string) => boolean> = {
  any: () => true,
  mixed: (marks) => marks.includes("c") && /[^c]/.test(marks),
  allCorrect: (marks) => !/[^c]/.test(marks),
  noneCorrect: (marks) => !marks.includes("c"),
  correct: (marks) => marks.includes("c"),
  wrong: (marks) => marks.includes("w"),
  malformed: (marks) => marks.includes("m"),
  truncated: (marks) => marks.includes("t"),
};

/** What the query asks of a group, its text apart. */
export function wants(query: ListQuery, group: StoredGroup, tools: readonly string[]): boolean {
  const { sample, steps } = query;
  return (
    (sample === "" || sample === group.sample) &&
    (steps === null || (group.step >= steps[0] && group.step <= steps[1])) &&
    (query.phase === "any" || query.phase === group.phase) &&
    outcomes[query.outcome](group.marks) &&
    (query.tool === "" || tools.includes(query.tool))
  );
}
