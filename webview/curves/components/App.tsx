/** The view of curves. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { ExportFormat } from "../../../schemas/curvesView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { Button, ProgressRing } from "../../controls/index.tsx";
import { counted } from "../../rollouts/state/numbers.ts";
import { runStates } from "../../rollouts/state/words.ts";
import { visibleText } from "../../text/visible.ts";
import { chartsOf } from "../charts/chartSpecs.ts";
import { readColours, watchTheme } from "../charts/colours.ts";
import type { ShownRun } from "../charts/plotted.ts";
import type { RunCurve } from "../client/curveData.ts";
import type { CurvesClient, CurvesState } from "../client/curvesClient.ts";
import { csvOf } from "../export/csv.ts";
import { pngOf } from "../export/png.ts";
import type { Persisted } from "../state/persisted.ts";
import { ChartCard } from "./ChartCard.tsx";
import { StepTable } from "./StepTable.tsx";
import { Toolbar } from "./Toolbar.tsx";

export interface AppProps {
  client: CurvesClient;
  state: CurvesState;
  kept: Persisted;
  keep(changes: Partial<Persisted>): void;
  openStep(run: string, step: number): void;
  save(format: ExportFormat, data: string): void;
}

export function App({ client, state, kept, keep, openStep, save }: AppProps) {
  const [smoothing, setSmoothing] = useState(kept.smoothing);
  const [table, setTable] = useState(kept.table);
  const [cursor, setCursor] = useState<number | null>(null);
  const [range, setRange] = useState<readonly [number, number] | null>(null);
  const [colours, setColours] = useState(readColours);
  const plots = useRef(new Map<string, uPlot>());
  useEffect(() => watchTheme(() => setColours(readColours())), []);

  // The pointer moves often, and numbers change seldom.
  const runs = useMemo(() => runsOf(state, kept), [state, kept.runFolder, kept.title]);
  const charts = useMemo(() => chartsOf(runs.map(({ curve }) => curve)), [runs]);
  const [own] = runs;
  const lastStep = Math.max(0, ...runs.map(({ curve }) => curve.lastStep));
  const show = (others: string[]): void => {
    keep({ others });
    client.show([kept.runFolder, ...others]);
  };
  // A step that only another run has is one of that run.
  const open = (step: number): void => {
    const run = runs.find(({ curve }) => step <= curve.lastStep);
    if (run && step > 0) openStep(run.folder, step);
  };
  return (
    <main>
      <RunHeader title={kept.title} curve={own?.curve} />
      <Toolbar
        runs={runs}
        known={state.known}
        colours={colours}
        smoothing={smoothing}
        table={table}
        zoomed={range !== null}
        add={(folder) => show([...kept.others, folder])}
        remove={(folder) => show(kept.others.filter((other) => other !== folder))}
        smooth={(weight) => {
          setSmoothing(weight);
          keep({ smoothing: weight });
        }}
        setTable={(wanted) => {
          setTable(wanted);
          keep({ table: wanted });
        }}
        showAll={() => setRange(null)}
        savePng={() => save("png", pngOf({ title: kept.title, charts, plots: plots.current, runs, colours }))}
        saveCsv={() => save("csv", csvOf(runs, charts))}
      />
      {[...state.problems].map(([folder, problem]) => (
        <div key={folder} class="notice" role="alert">
          <Icon name="warning" />
          <p>{visibleText(problem)}</p>
          <Button onClick={() => client.retry(folder)}>Retry</Button>
        </div>
      ))}
      <div class="content">
        {charts.length === 0 && <Empty curve={own?.curve} broken={state.problems.size > 0} />}
        {table ? (
          runs.map((run) => (
            <StepTable key={run.folder} run={run} charts={charts} open={(step) => openStep(run.folder, step)} />
          ))
        ) : (
          <div class="charts">
            {charts.map((chart) => (
              <ChartCard
                key={chart.id}
                chart={chart}
                runs={runs}
                smoothing={smoothing}
                lastStep={lastStep}
                range={range}
                cursor={cursor}
                colours={colours}
                point={setCursor}
                open={open}
                zoom={setRange}
                plotted={(id, plot) => (plot ? plots.current.set(id, plot) : plots.current.delete(id))}
              />
            ))}
          </div>
        )}
      </div>
    </main>
  );
}

/** The runs of which something is known, the panel's own first. */
function runsOf({ shown, known, curves }: CurvesState, { runFolder, title }: Persisted): ShownRun[] {
  return shown.flatMap((folder) => {
    const curve = curves.get(folder);
    const name = known.find((run) => run.folder === folder)?.title ?? (folder === runFolder ? title : folder);
    return curve ? [{ folder, title: name, curve }] : [];
  });
}

function RunHeader({ title, curve }: { title: string; curve: RunCurve | undefined }) {
  const state = curve && runStates[curve.state];
  return (
    <header class="run">
      <h1>{visibleText(title)}</h1>
      {state && curve && (
        <span class={`state state-${curve.state}`}>
          <Icon name={state.icon} spin={curve.state === "running"} />
          {state.text}
        </span>
      )}
      {curve && (
        <span class="figure">
          <span class="dim">step</span> {counted(curve.lastStep)}
          <span class="dim">/{counted(curve.plannedSteps)}</span>
        </span>
      )}
      <span class="hint dim">Click a step to see its rollouts, drag to zoom in</span>
    </header>
  );
}

/** Nothing to draw: why, and what to do next. */
function Empty({ curve, broken }: { curve: RunCurve | undefined; broken: boolean }) {
  if (!curve) return broken ? null : <ProgressRing label="Reading the run" />;
  const words: Record<RunCurve["state"], string> = {
    running: "Its curves begin with the first evaluation or the first step, whichever is stored first.",
    paused: "The run is paused. Resume it, and its curves begin with the first step.",
    finished: "The run has ended without a step.",
    stopped: "The run was stopped before its first step. Resume it, and its curves begin.",
    failed: "The run failed before its first step. Its log says why.",
    interrupted: "The run was cut off before its first step. Resume it, and its curves begin.",
  };
  return (
    <div class="empty-state">
      <h2>Nothing to draw yet</h2>
      <p>{words[curve.state]}</p>
    </div>
  );
}
