/** What evaluations of episodes show: how many end right, which tools the policy chooses, and how evenly. */
import type { Accuracy } from "../../../schemas/accuracy.ts";
import type { Chosen } from "../../../schemas/curvesView.ts";
import type { RunCurve, Values } from "../client/curveData.ts";
import { atSteps } from "./atSteps.ts";
import type { ChartSpec, Line } from "./chart.ts";

/** @param category of held-out questions whose episodes count; all for null */
export function episodeCharts(category: string | null): ChartSpec[] {
  const of = category === null ? "" : ` · ${category}`;
  const named = (name: string): string => (category === null ? name : `${name}[${category}]`);
  const whose = category === null ? "" : " of this category";
  const charts: ChartSpec[] = [
    {
      id: "episodeAccuracy",
      title: `Accuracy of episodes${of}`,
      about: `Share of the held-out episodes${whose} that end with a right answer, with its 95 % interval; a question counts as one observation.`,
      kind: "share",
      lines: () => [accuracyLine(named("episodeAccuracy"), category)],
    },
    {
      id: "choices",
      title: `Choice of tools${of}`,
      about: `Share of each tool in the choices that the policy made in held-out episodes${whose}; plain reasoning is the answer.`,
      kind: "share",
      stacked: true,
      lines: (curves) => shareLines(curves, named("choice"), category),
    },
    {
      id: "choiceEntropy",
      title: `Entropy of the choice of tools${of}`,
      about: `Shannon entropy of these shares, bits: over all turns${whose}, and the mean over questions of each question's own.`,
      kind: "number",
      lines: () => [
        chosenLine(named("choiceEntropyBits"), "over all turns", category, ({ entropyBits }) => entropyBits),
        chosenLine(
          named("choiceEntropyBitsPerQuestion"),
          "within a question",
          category,
          ({ entropyBitsPerQuestion }) => entropyBitsPerQuestion,
        ),
      ],
    },
  ];
  return category === null ? [...charts, UNREADABLE] : charts;
}

const UNREADABLE: ChartSpec = {
  id: "unreadableTurns",
  title: "Turns without a choice",
  about: "Share of the turns of held-out episodes that could not be read, or called what is not offered.",
  kind: "share",
  lines: () => [
    {
      name: "unreadableTurns",
      label: "no choice",
      values: ({ evaluations }) =>
        atSteps(evaluations.flatMap(({ step, episodes }) => (episodes ? [{ step, value: episodes.unreadable }] : []))),
      sparse: true,
    },
  ],
};

/** Categories of held-out questions that any of the runs played, in alphabetical order; none where there is only one. */
export function categoriesOf(curves: readonly RunCurve[]): string[] {
  const names = curves.flatMap(({ evaluations }) =>
    evaluations.flatMap(({ episodes }) => Object.keys(episodes?.categories ?? {})),
  );
  const known = [...new Set(names)].sort();
  return known.length > 1 ? known : [];
}

interface Played {
  step: number;
  accuracy: Accuracy;
  chosen: Chosen;
}

function playedOf({ evaluations }: RunCurve, category: string | null): Played[] {
  return evaluations.flatMap(({ step, accuracy, episodes }) => {
    if (episodes === null) return [];
    if (category === null) return [{ step, accuracy, chosen: episodes.chosen }];
    const part = Object.entries(episodes.categories).find(([name]) => name === category)?.[1];
    return part === undefined ? [] : [{ step, ...part }];
  });
}

function accuracyLine(name: string, category: string | null): Line {
  const values = (curve: RunCurve, value: (accuracy: Accuracy) => number): Values =>
    atSteps(playedOf(curve, category).map(({ step, accuracy }) => ({ step, value: value(accuracy) })));
  return {
    name,
    label: "held-out",
    values: (curve) => values(curve, ({ value }) => value),
    interval: (curve) => ({ low: values(curve, ({ low }) => low), high: values(curve, ({ high }) => high) }),
    sparse: true,
  };
}

/** @param value undefined where the run has none */
const chosenLine = (
  name: string,
  label: string,
  category: string | null,
  value: (chosen: Chosen, curve: RunCurve) => number | undefined,
): Line => ({
  name,
  label,
  values: (curve) =>
    atSteps(
      playedOf(curve, category).flatMap(({ step, chosen }) => {
        const found = value(chosen, curve);
        return found === undefined ? [] : [{ step, value: found }];
      }),
    ),
  sparse: true,
});

/** A line for each tool of any run, in the order of the first run that has it; plain reasoning and what is summed up come last. */
function shareLines(curves: readonly RunCurve[], name: string, category: string | null): Line[] {
  const tools = new Set(curves.flatMap(({ episodes }) => episodes?.tools.filter((tool) => tool !== null) ?? []));
  const others = Math.max(0, ...curves.map(({ episodes }) => episodes?.otherTools ?? 0));
  const share = (tool: string | null, column: string, label: string): Line =>
    chosenLine(`${name}${column}`, label, category, ({ shares }, { episodes }) => shares[placeOf(tool, episodes)]);
  const rest = chosenLine(`${name}(others)`, `${others} other tools`, category, ({ shares }, { episodes }) =>
    episodes === null ? undefined : shares[episodes.tools.length],
  );
  return [
    ...[...tools].map((tool) => share(tool, `.${tool}`, tool)),
    share(null, "(plain reasoning)", "plain reasoning"),
    ...(others > 0 ? [rest] : []),
  ];
}

/** Of a tool's share; -1 where the run does not tell it. */
const placeOf = (tool: string | null, episodes: RunCurve["episodes"]): number => episodes?.tools.indexOf(tool) ?? -1;
