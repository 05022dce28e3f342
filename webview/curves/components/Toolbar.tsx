/** Which runs are shown, and how. */
import type { CurveRun } from "../../../schemas/curvesView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { Button, Checkbox, Dropdown } from "../../controls/index.tsx";
import { oneLine, visibleText } from "../../text/visible.ts";
import { type Colours, markOf } from "../charts/colours.ts";
import { dashOf, type ShownRun } from "../charts/plotted.ts";
import { MOST_SMOOTHING } from "../state/persisted.ts";
import { Swatch, type SwatchProps } from "./ChartCard.tsx";

const LONGEST_CATEGORY = 60;

export interface ToolbarProps {
  runs: readonly ShownRun[];
  /** Absent where the runs are fixed. */
  others: { known: readonly CurveRun[]; add(folder: string): void; remove(folder: string): void } | undefined;
  colours: Colours;
  smoothing: number;
  table: boolean;
  zoomed: boolean;
  /** Whether published values are shown; undefined where there are none that mean the same. */
  published: boolean | undefined;
  setPublished(shown: boolean): void;
  /** Of held-out questions; none where there is nothing to choose. */
  categories: readonly string[];
  /** The one that is shown; null for all of them. */
  category: string | null;
  setCategory(category: string | null): void;
  smooth(weight: number): void;
  setTable(table: boolean): void;
  showAll(): void;
  savePng(): void;
  saveCsv(): void;
}

export function Toolbar(props: ToolbarProps) {
  const { runs, others, colours, smoothing, table, zoomed } = props;
  const shown = new Set(runs.map(({ folder }) => folder));
  const addable = others?.known.filter(({ folder }) => !shown.has(folder)) ?? [];
  const options = [
    { value: "", text: "Compare with…" },
    ...addable.map(({ folder, title }) => ({ value: folder, text: visibleText(title) })),
  ];
  return (
    <div class="toolbar" role="toolbar" aria-label="Curves">
      {runs.length > 1 &&
        runs.map(({ folder, title }, index) => (
          <RunChip
            key={folder}
            title={visibleText(title)}
            colour={colours.series[index % colours.series.length] ?? colours.text}
            dash={dashOf(index)}
            mark={markOf(index)}
            {...(others && index > 0 && { remove: () => others.remove(folder) })}
          />
        ))}
      {others && addable.length > 0 && (
        <Dropdown
          label="Lay another run over this one"
          value=""
          options={options}
          onChange={(one) => one && others.add(one)}
        />
      )}
      {props.categories.length > 0 && (
        <CategoryField categories={props.categories} category={props.category} setCategory={props.setCategory} />
      )}
      <label
        class="smoothing"
        title="Weight of what came before in an exponential moving average; the raw curve stays faint"
      >
        <span>Smoothing</span>
        <input
          type="range"
          min={0}
          max={MOST_SMOOTHING}
          step={0.01}
          value={smoothing}
          onInput={({ currentTarget }) => props.smooth(currentTarget.valueAsNumber)}
        />
        <span class="dim">{smoothing.toFixed(2)}</span>
      </label>
      {props.published !== undefined && (
        <Checkbox checked={props.published} onChange={props.setPublished}>
          Published values
        </Checkbox>
      )}
      <span class="end">
        {zoomed && <Button onClick={props.showAll}>Show all steps</Button>}
        <Button
          appearance="icon"
          label={table ? "Show charts" : "Show as a table"}
          onClick={() => props.setTable(!table)}
        >
          <Icon name={table ? "graph-line" : "table"} />
        </Button>
        {!table && (
          <Button appearance="icon" label="Export the charts as PNG" onClick={props.savePng}>
            <Icon name="file-media" />
          </Button>
        )}
        <Button appearance="icon" label="Export the numbers as CSV" onClick={props.saveCsv}>
          <Icon name="desktop-download" />
        </Button>
      </span>
    </div>
  );
}

/** Categories may be called anything, so that a choice is its place. */
function CategoryField({
  categories,
  category,
  setCategory,
}: Pick<ToolbarProps, "categories" | "category" | "setCategory">) {
  const options = ["All categories", ...categories.map((name) => oneLine(name, LONGEST_CATEGORY))];
  return (
    <Dropdown
      label="Held-out questions whose episodes are shown"
      value={String(category === null ? 0 : categories.indexOf(category) + 1)}
      options={options.map((text, place) => ({ value: String(place), text }))}
      onChange={(place) => setCategory(categories[Number(place) - 1] ?? null)}
    />
  );
}

interface RunChipProps extends SwatchProps {
  title: string;
  remove?: () => void;
}

function RunChip({ title, remove, ...line }: RunChipProps) {
  const content = (
    <>
      <Swatch {...line} />
      <span>{title}</span>
    </>
  );
  if (!remove) return <span class="chip fixed">{content}</span>;
  return (
    <button type="button" class="chip" title={`Take ${title} away`} onClick={remove}>
      {content}
      <Icon name="close" />
    </button>
  );
}
