// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid takes the keys
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are placed by hand
/** One row of the list. */
import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import type { EpisodeRow } from "../../../schemas/episodesView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { Marks } from "../../controls/Marks.tsx";
import type { PlacedRow } from "../../list/RowGrid.tsx";
import { oneLine } from "../../text/visible.ts";
import { decimal } from "../../words/numbers.ts";
import type { EpisodeColumn } from "../state/columns.ts";
import { markOf, originText, outcomeText, spokenRow } from "../state/words.ts";

export interface EpisodeRowProps extends PlacedRow<EpisodeRow> {
  columns: readonly EpisodeColumn[];
}

export const EpisodeRowView = memo(function EpisodeRowView(props: EpisodeRowProps) {
  const { id, row, index, top, active, columns, choose } = props;
  return (
    <div
      id={id}
      class={`row${active ? " active" : ""}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      aria-label={spokenRow(row)}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => choose(index, true)}
    >
      {columns.map((column) => (
        <span key={column} role="gridcell" class={column} title={titles[column]?.(row)}>
          {cells[column](row)}
        </span>
      ))}
    </div>
  );
});

const titles: Partial<Record<EpisodeColumn, (row: EpisodeRow) => string>> = {
  step: originText,
  sample: ({ query }) => oneLine(query, 200),
  category: ({ category }) => oneLine(category ?? "", 100),
  tools: ({ tools }) => tools.map((tool) => oneLine(tool, 60)).join(", "),
};

const none = <span class="dim">–</span>;

const cells: Record<EpisodeColumn, (row: EpisodeRow) => ComponentChildren> = {
  step: ({ phase, step }) => (phase === "stored" ? <span class="dim">stored</span> : step),
  outcomes: (row) => (
    <>
      <Marks marks={markOf(row)} />
      <span>{outcomeText(row)}</span>
    </>
  ),
  sample: ({ query, question, episode }) => (
    <>
      <span>{oneLine(query, 160)}</span> <span class="mono dim">{oneLine(question, 60)}</span>
      {episode > 0 && <span class="dim"> #{episode + 1}</span>}
    </>
  ),
  category: ({ category }) => (category === null ? none : oneLine(category, 60)),
  tools: ({ tools }) =>
    tools.length === 0 ? none : <span class="mono">{tools.map((tool) => oneLine(tool, 60)).join(", ")}</span>,
  turns: ({ turns, trouble, nothingViable }) => (
    <>
      {trouble + nothingViable > 0 && (
        <span class="odd" title={oddities(trouble, nothingViable)}>
          <Icon name="warning" />
        </span>
      )}
      {turns}
    </>
  ),
  return: (row) => (row.return === null ? none : decimal(row.return)),
};

function oddities(trouble: number, nothingViable: number): string {
  const parts = [
    trouble > 0 ? `In ${trouble} of them the observation is no result.` : "",
    nothingViable > 0 ? `In ${nothingViable} of them nothing was viable.` : "",
  ];
  return parts.filter(Boolean).join(" ");
}
