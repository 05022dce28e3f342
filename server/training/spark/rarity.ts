/**
 * Rarity first (SPaRK, abstract and extended abstract): among the viable actions the policy takes a rare one. The text states two
 * rules; both are here.
 */
import type { RarityRule } from "../../../schemas/spark.ts";

/** A tool's name; null for plain reasoning, which counts as a tool of its own. */
export type ToolName = string | null;

/** How often each tool was taken so far in the data set. */
export class ToolCounts {
  readonly #counts = new Map<ToolName, number>();
  #total = 0;

  add(tool: ToolName): void {
    this.#counts.set(tool, this.of(tool) + 1);
    this.#total++;
  }

  copy(): ToolCounts {
    const copy = new ToolCounts();
    for (const [tool, count] of this.#counts) copy.#counts.set(tool, count);
    copy.#total = this.#total;
    return copy;
  }

  of(tool: ToolName): number {
    return this.#counts.get(tool) ?? 0;
  }

  /** Of all actions so far, 0 … 1; 0 where there are none. */
  share(tool: ToolName): number {
    return this.#total === 0 ? 0 : this.of(tool) / this.#total;
  }
}

export interface ScoredCandidate {
  tool: ToolName;
  /** 0 … 10. */
  score: number;
}

export interface Choice {
  /** Index of the candidate that is taken. */
  chosen: number;
  /** `best`: nothing was viable, so the best-scored candidate is taken, which is no rare choice. */
  by: RarityRule | "best";
  viable: number[];
}

/**
 * @param candidates at least one, in the order that settles what is equal in score and use
 * @param threshold a score above it is viable
 */
export function chooseCandidate(
  candidates: readonly ScoredCandidate[],
  { rule, threshold }: { rule: RarityRule; threshold: number },
  counts: ToolCounts,
): Choice {
  const all = candidates.map((candidate, index) => ({ ...candidate, index }));
  const viable = all.filter(({ score }) => score > threshold);
  const byScore = (a: ScoredCandidate, b: ScoredCandidate): number => b.score - a.score;
  const byUse = (a: ScoredCandidate, b: ScoredCandidate): number => counts.of(a.tool) - counts.of(b.tool);
  // Sorting keeps the order of what is equal.
  const rank: Record<Choice["by"], (a: ScoredCandidate, b: ScoredCandidate) => number> = {
    // Equals in turn: by order alone one tool would get every hopeless turn, count as used most, and not be taken where it helps.
    best: (a, b) => byScore(a, b) || byUse(a, b),
    "least-used": (a, b) => byUse(a, b) || byScore(a, b),
    "lowest-viable": (a, b) => a.score - b.score,
  };
  const by = viable.length === 0 ? "best" : rule;
  const [first] = (viable.length === 0 ? all : viable).sort(rank[by]);
  if (first === undefined) throw new RangeError("There is no candidate to choose");
  return { chosen: first.index, by, viable: viable.map(({ index }) => index).sort((a, b) => a - b) };
}
