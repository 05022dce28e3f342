/** Which groups a query wants, and in which order. */
import type { ListQuery, OutcomeFilter, SortOrder } from "../../../schemas/rolloutView.ts";
import type { GroupPosition, StoredGroup } from "../../../server/store/groupReader.ts";

/** A total order: no two groups are equal in it, so that every group has one place. */
export interface Order {
  compare(a: StoredGroup, b: StoredGroup): number;
  /** The groups in this order. May reorder what it is given. */
  arrange(groups: StoredGroup[]): StoredGroup[];
}

/** Within a step training comes first, and what looked at its outcome after it. */
const phases = { train: 0, probe: 1, evaluation: 2 };

const byPlace = (a: GroupPosition, b: GroupPosition): number =>
  a.step - b.step || phases[a.phase] - phases[b.phase] || a.group - b.group;
const newestFirst = (a: GroupPosition, b: GroupPosition): number => byPlace(b, a);

function share({ marks }: StoredGroup): number {
  let correct = 0;
  for (let at = 0; at < marks.length; at++) if (marks[at] === "c") correct++;
  return correct / Math.max(1, marks.length);
}

const spread = ({ advantage }: StoredGroup): number => (advantage ? advantage[1] - advantage[0] : -1);

/** The store's own order costs one pass, as the groups come in it or in its reverse. */
const placed = (compare: Order["compare"]): Order => ({ compare, arrange: (groups) => groups.sort(compare) });

/**
 * Groups of equal keys stand newest first. They are put into heaps by key, so that the keys alone are sorted: comparing the
 * groups of a million rollouts with one another takes many times as long.
 */
function keyed<Key extends number | string>(
  key: (group: StoredGroup) => Key,
  compareKeys: (a: Key, b: Key) => number,
): Order {
  return {
    compare: (a, b) => compareKeys(key(a), key(b)) || newestFirst(a, b),
    arrange(groups) {
      const heaps = new Map<Key, StoredGroup[]>();
      for (const group of groups.sort(newestFirst)) {
        const at = key(group);
        const heap = heaps.get(at);
        if (heap) heap.push(group);
        else heaps.set(at, [group]);
      }
      return [...heaps].sort(([a], [b]) => compareKeys(a, b)).flatMap(([, heap]) => heap);
    },
  };
}

const up = (a: number, b: number): number => a - b;
const down = (a: number, b: number): number => b - a;

const orders: Record<SortOrder, Order> = {
  newest: placed(newestFirst),
  oldest: placed(byPlace),
  rewardUp: keyed(({ reward }) => reward, up),
  rewardDown: keyed(({ reward }) => reward, down),
  correctUp: keyed(share, up),
  correctDown: keyed(share, down),
  spreadDown: keyed(spread, down),
  sample: keyed(
    ({ sample }) => sample,
    (a, b) => (a === b ? 0 : a < b ? -1 : 1),
  ),
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
