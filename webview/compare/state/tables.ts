/** The tables of a comparison as they are exported: numbers with all their digits, runs by name and folder. */
import type { DifferingSample, Overview } from "../../../schemas/compareView.ts";
import { type Cell, csvText } from "../../text/csv.ts";
import type { NamedRun } from "./persisted.ts";
import { outcomeText, resultOfEvaluation, resultOfProbe } from "./words.ts";

const RESULT_HEAD = [
  ...["run", "folder", "rows", "step", "asked", "solved", "share", "low", "high"],
  ...["paired", "onlyFirst", "onlyThis", "difference", "differenceLow", "differenceHigh", "mcNemarP", "note"],
];

/** A row for each run and kind of rows that it was asked. */
export function resultsCsv(runs: readonly NamedRun[], overview: Overview): string {
  const rows = runs.flatMap(({ folder, title }): Cell[][] => {
    const place = overview.runs.findIndex((run) => run.folder === folder);
    const { heldOut, probed } = overview.runs[place] ?? {};
    const results = [
      { source: "heldOut", result: heldOut?.newest ? resultOfEvaluation(heldOut.newest) : undefined },
      { source: "training", result: probed ? resultOfProbe(probed) : undefined },
    ] as const;
    return results.flatMap(({ source, result }): Cell[][] => {
      if (!result) return [];
      const { step, rows, solved, share, interval } = result;
      const { paired = null, note = null } = overview[source][place] ?? {};
      return [
        [
          ...[title, folder, source, step, rows, solved, share, interval?.low ?? null, interval?.high ?? null],
          ...[paired?.rows ?? null, paired?.onlyFirst ?? null, paired?.onlySecond ?? null, paired?.difference ?? null],
          ...[paired?.low ?? null, paired?.high ?? null, paired?.p ?? null, note],
        ],
      ];
    });
  });
  return csvText([RESULT_HEAD, ...rows]);
}

/** A row for each key that differs; beside each run's value, whether it is its default. */
export function configurationCsv(runs: readonly NamedRun[], { configuration }: Overview): string {
  const head = ["key", ...runs.flatMap(({ title }) => [title, `${title} (default)`])];
  const rows = configuration.map(({ key, values }) => [
    key,
    ...values.flatMap((value): Cell[] => (value ? [value.text, String(value.standard)] : [null, null])),
  ]);
  return csvText([head, ...rows]);
}

export function samplesCsv(runs: readonly [NamedRun, NamedRun], rows: readonly DifferingSample[]): string {
  const head = ["sample", "question", ...runs.flatMap(({ title }) => [title, `${title} (correct rollouts)`])];
  const table = rows.map(({ sample, query, first, second }): Cell[] => [
    sample,
    query,
    ...[first, second].flatMap((outcome): Cell[] => [outcomeText(outcome), `${outcome.correct}/${outcome.rollouts}`]),
  ]);
  return csvText([head, ...table]);
}
