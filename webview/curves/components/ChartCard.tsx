/** One chart: its lines, their values at the cursor, and the keys that move it. */
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { CurveReference } from "../../../schemas/curvesView.ts";
import { visibleText } from "../../text/visible.ts";
import { fillOf } from "../charts/areas.ts";
import type { Card } from "../charts/cards.ts";
import type { Colours } from "../charts/colours.ts";
import { toldText, valueText } from "../charts/numberText.ts";
import { makePlot, REFERENCE_DASH } from "../charts/plot.ts";
import { type Drawn, dataOf, drawnOf, toldAt } from "../charts/plotted.ts";
import { stepOfKey } from "../state/keys.ts";

/** CSS pixels. */
const HEIGHT = 168;

export interface ChartCardProps {
  card: Card;
  smoothing: number;
  lastStep: number;
  /** Steps that are seen; null for all of them. */
  range: readonly [number, number] | null;
  /** The step that all charts point at. */
  cursor: number | null;
  colours: Colours;
  /** Published values that are drawn across it. */
  references: readonly CurveReference[];
  point(step: number | null): void;
  open(step: number): void;
  zoom(range: readonly [number, number] | null): void;
  /** Tells the plots to those who make a picture of them. */
  plotted(id: string, plot: uPlot | undefined): void;
}

export function ChartCard(props: ChartCardProps) {
  const { card, smoothing, lastStep, range, cursor, colours, references } = props;
  const { title, chart, runs } = card;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const drawn = useMemo(() => drawnOf(chart, runs, smoothing), [chart, runs, smoothing]);
  const shown = useRef(drawn);
  shown.current = drawn;
  // Other lines are another plot; other values are not.
  const shape = JSON.stringify([
    drawn.map(({ key, colour, values, isSmoothed }) => [key, colour, isSmoothed, values.length < 3]),
    colours,
    references,
  ]);

  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = makePlot(element, {
      chart,
      drawn,
      shown: () => shown.current,
      colours,
      references,
      data: dataOf(drawn, lastStep),
      borders: () => latest.current.card.runs[0]?.curve.rounds.slice(1).map(({ step }) => step) ?? [],
      width: Math.max(120, element.clientWidth),
      height: HEIGHT,
      point: (step) => latest.current.point(step),
      open: (step) => latest.current.open(step),
      zoom: (steps) => latest.current.zoom(steps),
    });
    plot.current = made;
    latest.current.plotted(card.id, made);
    const resized = new ResizeObserver(() => {
      if (element.clientWidth !== made.width)
        made.setSize({ width: Math.max(120, element.clientWidth), height: HEIGHT });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      latest.current.plotted(card.id, undefined);
      made.destroy();
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData(dataOf(drawn, lastStep), false);
    const [min, max] = range ?? [0, Math.max(1, lastStep)];
    plot.current?.setScale("x", { min, max });
  }, [shape, drawn, lastStep, range]);

  useEffect(() => {
    const current = plot.current;
    if (!current) return;
    const left = cursor === null ? -10 : current.valToPos(cursor, "x");
    current.setCursor({ left, top: cursor === null ? -10 : 0 }, false);
  }, [shape, cursor, range, lastStep]);

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = stepOfKey(event.key, cursor ?? lastStep, range ?? [1, lastStep]);
    if (event.key === "Enter" && (cursor ?? lastStep) > 0) props.open(cursor ?? lastStep);
    else if (event.key === "Escape") props.zoom(null);
    else if (step !== undefined) props.point(step);
    else return;
    event.preventDefault();
  };
  const spoken = [
    cursor === null ? "newest values" : `step ${cursor}`,
    ...drawn.map((one) => `${labelOf(one, runs.length > 1)} ${textAt(one, cursor, chart)}`),
    ...references.map(({ label, value }) => `published for ${label} ${valueText(value, chart.kind)}`),
  ].join(", ");
  return (
    <section class="chart" aria-label={title}>
      <header>
        <h2 title={chart.about}>{title}</h2>
        <ul class="legend">
          {drawn.map((one) => (
            <li key={one.key} title={labelOf(one, true)}>
              <Swatch
                colour={colours.series[one.colour % colours.series.length] ?? colours.text}
                dash={one.dash}
                mark={one.mark}
                fill={chart.stacked ? fillOf(one.colour, colours) : undefined}
              />
              <span class="dim">{labelOf(one, false)}</span> <span>{textAt(one, cursor, chart)}</span>
            </li>
          ))}
          {references.map(({ label, value, source }) => (
            <li key={label}>
              <Swatch colour={colours.text} dash={REFERENCE_DASH} />
              <span class="dim">{label}</span> {valueText(value, chart.kind)} <span class="dim">({source})</span>
            </li>
          ))}
        </ul>
      </header>
      <div
        class="plot"
        ref={place}
        role="slider"
        tabIndex={0}
        aria-label={`${title} by step. ${visibleText(chart.about)}`}
        aria-valuemin={0}
        aria-valuemax={lastStep}
        aria-valuenow={cursor ?? lastStep}
        aria-valuetext={spoken}
        onKeyDown={press}
      />
    </section>
  );
}

export interface SwatchProps {
  colour: string;
  dash: readonly number[];
  mark?: string | undefined;
  /** Opacity of the area below the line, where it has one. */
  fill?: number | undefined;
}

/** The line's dashes in the line's colour, the shape of its run, and the area below it. */
export function Swatch({ colour, dash, mark, fill }: SwatchProps) {
  return (
    <svg class="swatch" width="18" height="10" aria-hidden="true">
      {fill !== undefined && <rect y="5" width="18" height="5" fill={colour} fill-opacity={fill} />}
      <line x1="0" y1="5" x2="18" y2="5" stroke={colour} stroke-width="2" stroke-dasharray={dash.join(" ")} />
      {mark !== undefined && (
        <path d={mark} transform="translate(9 5)" fill={colour} stroke={colour} stroke-width="1.5" />
      )}
    </svg>
  );
}

function labelOf({ line, run }: Drawn, withRun: boolean): string {
  return withRun ? `${visibleText(run.title)} ${visibleText(line.label)}` : visibleText(line.label);
}

function textAt(one: Drawn, cursor: number | null, { kind }: Card["chart"]): string {
  const told = toldAt(one, cursor);
  return told === undefined ? "–" : toldText(told, kind);
}
