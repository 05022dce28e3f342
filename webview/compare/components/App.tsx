/** The view that compares runs: results, configuration, rows and curves, one below the other. */
import { useMemo } from "preact/hooks";
import type { CompareMessage, SavedPart } from "../../../schemas/compareView.ts";
import { ProgressRing } from "../../controls/index.tsx";
import { Trouble } from "../../controls/Trouble.tsx";
import type { ShownRun } from "../../curves/charts/plotted.ts";
import { CurvesPane } from "../../curves/components/CurvesPane.tsx";
import type { CompareClient, CompareState } from "../client/compareClient.ts";
import { withNames } from "../state/known.ts";
import type { Persisted } from "../state/persisted.ts";
import { Configuration } from "./Configuration.tsx";
import { Results } from "./Results.tsx";
import { RunsBar } from "./RunsBar.tsx";
import { Samples } from "./Samples.tsx";

export interface AppProps {
  client: CompareClient;
  state: CompareState;
  kept: Persisted;
  keep(changes: Partial<Persisted>): void;
  post(message: CompareMessage): void;
}

export function App({ client, state, kept, keep, post }: AppProps) {
  const { overview, problem, curves } = state;
  const runs = kept.runs;
  const shown = useMemo(
    () =>
      runs.flatMap(({ folder, title }): ShownRun[] => {
        const curve = curves.curves.get(folder);
        return curve ? [{ folder, title, curve }] : [];
      }),
    [runs, curves],
  );
  const makeFirst = (first: string): void => {
    const ordered = [...runs].sort((a, b) => Number(b.folder === first) - Number(a.folder === first));
    keep({ runs: ordered });
    client.reorder(ordered.map(({ folder }) => folder));
  };
  const saveCsv = (name: SavedPart, data: string): void => post({ kind: "save", name, format: "csv", data });
  const known = overview ? withNames(runs, overview) : [];
  const broken = known.filter(({ described }) => described.problem !== null);
  return (
    <main>
      <RunsBar runs={runs} known={known} makeFirst={makeFirst} choose={() => post({ kind: "choose" })} />
      {problem !== undefined && <Trouble problem={problem} retry={() => client.retry()} />}
      {broken.map(({ folder, title, described }) => (
        <Trouble key={folder} problem={`${title}: ${described.problem}`} retry={() => client.retry()} />
      ))}
      {!overview && problem === undefined && <ProgressRing label="Reading the runs" />}
      {overview && (
        <>
          <Results known={known} overview={overview} save={(csv) => saveCsv("results", csv)} />
          <Configuration runs={runs} overview={overview} save={(csv) => saveCsv("configuration", csv)} />
          <Samples
            key={runs.map(({ folder }) => folder).join("\n")}
            client={client}
            runs={runs}
            overview={overview}
            kept={kept}
            keep={keep}
            open={(opened) => post({ kind: "openSample", ...opened })}
            save={(csv) => saveCsv("samples", csv)}
          />
        </>
      )}
      {shown.some(({ curve }) => curve.lastStep > 0) && (
        <section class="part curves" aria-labelledby="curves">
          <h2 id="curves">Curves</h2>
          <CurvesPane
            title="Comparison"
            runs={shown}
            look={kept}
            keep={keep}
            openStep={(run, step) => post({ kind: "openStep", run, step })}
            save={(format, data) => post({ kind: "save", name: "curves", format, data })}
          />
        </section>
      )}
    </main>
  );
}
