/** The view of curves. */
import { useMemo } from "preact/hooks";
import type { ExportFormat } from "../../../schemas/curvesView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { ProgressRing } from "../../controls/index.tsx";
import { Trouble } from "../../controls/Trouble.tsx";
import { visibleText } from "../../text/visible.ts";
import { counted } from "../../words/numbers.ts";
import { runStates } from "../../words/runStates.ts";
import type { ShownRun } from "../charts/plotted.ts";
import type { RunCurve } from "../client/curveData.ts";
import type { CurvesClient, CurvesState } from "../client/curvesClient.ts";
import type { Persisted } from "../state/persisted.ts";
import { CurvesPane } from "./CurvesPane.tsx";

export interface AppProps {
  client: CurvesClient;
  state: CurvesState;
  kept: Persisted;
  keep(changes: Partial<Persisted>): void;
  openStep(run: string, step: number): void;
  save(format: ExportFormat, data: string): void;
}

export function App({ client, state, kept, keep, openStep, save }: AppProps) {
  const runs = useMemo(() => runsOf(state, kept), [state, kept.runFolder, kept.title]);
  const empty = runs.every(({ curve }) => curve.lastStep === 0 && curve.evaluations.length + curve.probes.length === 0);
  const show = (others: string[]): void => {
    keep({ others });
    client.show([kept.runFolder, ...others]);
  };
  return (
    <main>
      <RunHeader title={kept.title} curve={runs[0]?.curve} />
      {[...state.problems].map(([folder, problem]) => (
        <Trouble key={folder} problem={problem} retry={() => client.retry(folder)} />
      ))}
      {empty ? (
        <div class="content">
          <Empty curve={runs[0]?.curve} broken={state.problems.size > 0} />
        </div>
      ) : (
        <CurvesPane
          title={kept.title}
          runs={runs}
          look={kept}
          keep={keep}
          others={{
            known: state.known,
            add: (folder) => show([...kept.others, folder]),
            remove: (folder) => show(kept.others.filter((other) => other !== folder)),
          }}
          openStep={openStep}
          save={save}
        />
      )}
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
