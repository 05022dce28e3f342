/** The same numbers as a table: for screen readers, and for those who want the digits. */
import { useState } from "preact/hooks";
import { Button } from "../../controls/index.tsx";
import { visibleText } from "../../text/visible.ts";
import type { Chart } from "../charts/chart.ts";
import { toldText } from "../charts/numberText.ts";
import { boundsAt, type ShownRun } from "../charts/plotted.ts";

/** Rows at once. */
const PAGE = 50;

export interface StepTableProps {
  run: ShownRun;
  charts: readonly Chart[];
  open(step: number): void;
}

export function StepTable({ run, charts, open }: StepTableProps) {
  const [skipped, setSkipped] = useState(0);
  const { curve } = run;
  const columns = charts.flatMap((chart) =>
    chart.lines.map((line) => ({ chart, line, values: line.values(curve), interval: line.interval?.(curve) })),
  );
  const steps = Array.from({ length: curve.lastStep + 1 }, (_, index) => curve.lastStep - index).filter((step) =>
    columns.some(({ values }) => (values[step] ?? null) !== null),
  );
  const first = Math.min(skipped, Math.max(0, steps.length - 1));
  const shown = steps.slice(first, first + PAGE);
  return (
    <section class="numbers" aria-label={`Numbers of ${visibleText(run.title)}`}>
      <header>
        <h2>{visibleText(run.title)}</h2>
        <span class="dim">
          {shown.length === 0 ? "no steps yet" : `steps ${shown.at(-1)} to ${shown[0]} of ${curve.lastStep}`}
        </span>
        {first > 0 && <Button onClick={() => setSkipped(first - PAGE)}>Newer</Button>}
        {first + PAGE < steps.length && <Button onClick={() => setSkipped(first + PAGE)}>Older</Button>}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reached by the keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Table, scrolls">
        <table>
          <thead>
            <tr>
              <th scope="col">Step</th>
              {columns.map(({ chart, line }) => (
                <th key={`${chart.id} ${line.name}`} scope="col" title={visibleText(chart.about)}>
                  {visibleText(chart.title)}
                  <span class="dim"> {visibleText(line.label)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((step) => (
              <tr key={step}>
                <th scope="row">
                  {step === 0 ? (
                    "before"
                  ) : (
                    <button type="button" class="as-link" title={`Rollouts of step ${step}`} onClick={() => open(step)}>
                      {step}
                    </button>
                  )}
                </th>
                {columns.map(({ chart, line, values, interval }) => {
                  const value = values[step] ?? null;
                  const told =
                    value === null ? "" : toldText({ value, interval: boundsAt(interval, step) }, chart.kind);
                  return <td key={`${chart.id} ${line.name}`}>{told}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
