/** Which tools a policy chose in its evaluations, bounded: a catalog may have thousands of tools, and questions a category each. */
import {
  type Chosen,
  type EpisodeFacts,
  MOST_CATEGORIES,
  MOST_TOOLS,
  type PlayedEpisodes,
} from "../../../schemas/curvesView.ts";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import type { EvaluationEvent } from "../../../schemas/protocol.ts";
import { isOfEpisodes } from "../../../server/training/offline/sources.ts";

type Choices = NonNullable<EvaluationEvent["choices"]>;
/** A tool's name; null for plain reasoning. */
type Tool = string | null;

/** Null for a run that is not one of episodes. */
export function episodeFacts(
  experiment: Pick<ResolvedExperiment, "preset" | "trajectories" | "file" | "heldOut">,
  evaluations: readonly Pick<EvaluationEvent, "choices">[],
): EpisodeFacts | null {
  const all = evaluations.flatMap(({ choices }) => choices ?? []);
  if (all.length === 0 && !isOfEpisodes(experiment)) return null;
  const turns = new Map<Tool, number>();
  for (const { tools } of all) for (const { tool, turns: n } of tools) turns.set(tool, (turns.get(tool) ?? 0) + n);
  const most = new Set(
    [...turns]
      .sort(([a, n], [b, m]) => Number(b === null) - Number(a === null) || m - n)
      .slice(0, MOST_TOOLS)
      .map(([tool]) => tool),
  );
  // In the order in which they are offered, plain reasoning last.
  const named = [...turns.keys()].filter((tool) => tool !== null && most.has(tool));
  return {
    heldOut: experiment.heldOut !== undefined,
    tools: most.has(null) ? [...named, null] : named,
    otherTools: turns.size - most.size,
  };
}

/** Null where no episodes were played. @param tools that are told one by one */
export function playedEpisodes(
  { choices, categories }: Pick<EvaluationEvent, "choices" | "categories">,
  tools: readonly Tool[],
): PlayedEpisodes | null {
  if (choices === undefined) return null;
  const largest = Object.entries(categories)
    .sort(([, a], [, b]) => b.rows - a.rows)
    .slice(0, MOST_CATEGORIES);
  return {
    chosen: chosenOf(choices, tools),
    unreadable: choices.turns === 0 ? 0 : choices.unreadable / choices.turns,
    categories: Object.fromEntries(
      largest.flatMap(([name, accuracy]) => {
        const part = choices.categories[name];
        return part === undefined ? [] : [[name, { accuracy, chosen: chosenOf(part, tools) }]];
      }),
    ),
  };
}

function chosenOf(
  { tools: counted, entropyBits, entropyBitsPerQuestion }: Choices["categories"][string],
  tools: readonly Tool[],
): Chosen {
  const byTool = new Map(counted.map(({ tool, share }) => [tool, share]));
  const shares = tools.map((tool) => byTool.get(tool) ?? 0);
  const others = counted.filter(({ tool }) => !tools.includes(tool));
  // Rounding may take a sum of shares beyond the whole.
  const rest = Math.min(
    1,
    others.reduce((sum, { share }) => sum + share, 0),
  );
  return { shares: others.length > 0 ? [...shares, rest] : shares, entropyBits, entropyBitsPerQuestion };
}
