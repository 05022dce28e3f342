/** Curves of runs laid over one another, with what controls them; where they come from is the caller's matter. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { CurveReference, CurveRun, ExportFormat } from "../../../schemas/curvesView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { visibleText } from "../../text/visible.ts";
import { type Card, cardsOf } from "../charts/cards.ts";
import { allCharts, chartsOf } from "../charts/chartSpecs.ts";
import { type Colours, readColours, watchTheme } from "../charts/colours.ts";
import { categoriesOf } from "../charts/episodeCharts.ts";
import type { ShownRun } from "../charts/plotted.ts";
import { csvOf } from "../export/csv.ts";
import { pngOf } from "../export/png.ts";
import { choiceNote } from "../state/choiceNotes.ts";
import { ChartCard } from "./ChartCard.tsx";
import { StepTable } from "./StepTable.tsx";
import { Toolbar } from "./Toolbar.tsx";

/** How curves are looked at. */
export interface CurvesLook {
  /** Weight of what came before, 0 to below 1. */
  smoothing: number;
  /** Numbers instead of lines. */
  table: boolean;
  /** Published values beside the curves that mean the same. */
  published: boolean;
  /** Of the held-out questions whose episodes are shown; null for all of them. */
  category: string | null;
}

export interface CurvesPaneProps {
  /** Of the picture. */
  title: string;
  runs: readonly ShownRun[];
  look: CurvesLook;
  keep(changes: Partial<CurvesLook>): void;
  /** Other runs that may be laid over these, and what lays them there and takes them away; without it they are fixed. */
  others?: { known: readonly CurveRun[]; add(folder: string): void; remove(folder: string): void };
  openStep(run: string, step: number): void;
  save(format: ExportFormat, data: string): void;
}

export function CurvesPane({ title, runs, look, keep, others, openStep, save }: CurvesPaneProps) {
  const [{ smoothing, table, published, category }, setLook] = useState(look);
  const [range, setRange] = useState<readonly [number, number] | null>(null);
  const [colours, setColours] = useState(readColours);
  const plots = useRef(new Map<string, uPlot>());
  useEffect(() => watchTheme(() => setColours(readColours())), []);
  const curves = useMemo(() => runs.map(({ curve }) => curve), [runs]);
  const categories = useMemo(() => categoriesOf(curves), [curves]);
  // Other runs may have other categories; the one that was chosen is kept for when it comes back.
  const shown = category !== null && categories.includes(category) ? category : null;
  const charts = useMemo(() => chartsOf(curves, shown), [curves, shown]);
  const cards = useMemo(() => cardsOf(charts, runs), [charts, runs]);
  const references = useMemo(() => referencesOf(runs), [runs]);
  const change = (changes: Partial<CurvesLook>): void => {
    setLook({ smoothing, table, published, category, ...changes });
    keep(changes);
  };
  return (
    <>
      <Toolbar
        runs={runs}
        others={others}
        colours={colours}
        smoothing={smoothing}
        table={table}
        zoomed={range !== null}
        smooth={(weight) => change({ smoothing: weight })}
        setTable={(wanted) => change({ table: wanted })}
        published={references.length === 0 ? undefined : published}
        setPublished={(wanted) => change({ published: wanted })}
        categories={categories}
        category={shown}
        setCategory={(wanted) => change({ category: wanted })}
        showAll={() => setRange(null)}
        savePng={() => save("png", pngOf({ title, cards, plots: plots.current, colours }))}
        saveCsv={() => save("csv", csvOf(runs, allCharts(curves)))}
      />
      <div class="content">
        <ChoiceNotes runs={runs} />
        {table ? (
          runs.map((run) => (
            <StepTable key={run.folder} run={run} charts={charts} open={(step) => openStep(run.folder, step)} />
          ))
        ) : (
          <ChartGrid
            cards={cards}
            runs={runs}
            smoothing={smoothing}
            colours={colours}
            references={published ? references : []}
            range={range}
            zoom={setRange}
            openStep={openStep}
            plots={plots.current}
          />
        )}
      </div>
    </>
  );
}

/** Of several runs with the same one it is drawn once. */
function referencesOf(runs: readonly ShownRun[]): CurveReference[] {
  const all = runs.flatMap(({ curve }) => curve.references);
  return [...new Map(all.map((one) => [`${one.chart} ${one.label}`, one])).values()];
}

/** What a run of episodes cannot show yet. */
function ChoiceNotes({ runs }: { runs: readonly ShownRun[] }) {
  const notes = runs.flatMap(({ folder, title, curve }) => {
    const note = choiceNote(curve);
    return note === undefined ? [] : [{ folder, text: runs.length > 1 ? `${visibleText(title)}: ${note}` : note }];
  });
  return (
    <>
      {notes.map(({ folder, text }) => (
        <p key={folder} class="note" role="note">
          <Icon name="info" />
          <span>{text}</span>
        </p>
      ))}
    </>
  );
}

interface ChartGridProps {
  cards: readonly Card[];
  runs: readonly ShownRun[];
  smoothing: number;
  colours: Colours;
  references: readonly CurveReference[];
  range: readonly [number, number] | null;
  zoom(range: readonly [number, number] | null): void;
  openStep(run: string, step: number): void;
  plots: Map<string, uPlot>;
}

/** All charts, with one cursor: the pointer moves often, and nothing but they has to follow. */
function ChartGrid({ references, cards, runs, smoothing, colours, range, zoom, openStep, plots }: ChartGridProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const lastStep = Math.max(0, ...runs.map(({ curve }) => curve.lastStep));
  // A step that only another run has is one of that run.
  const open = (step: number): void => {
    const run = runs.find(({ curve }) => step <= curve.lastStep);
    if (run && step > 0) openStep(run.folder, step);
  };
  return (
    <div class="charts">
      {cards.map((card) => (
        <ChartCard
          key={card.id}
          card={card}
          smoothing={smoothing}
          lastStep={lastStep}
          range={range}
          cursor={cursor}
          colours={colours}
          references={references.filter(({ chart }) => chart === card.chart.id)}
          point={setCursor}
          open={open}
          zoom={zoom}
          plotted={(id, plot) => (plot ? plots.set(id, plot) : plots.delete(id))}
        />
      ))}
    </div>
  );
}
