// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid takes the keys
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are placed by hand
/** One row of the list. */
import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import type { GroupRow } from "../../../schemas/rolloutView.ts";
import { Marks } from "../../controls/Marks.tsx";
import type { PlacedRow } from "../../list/RowGrid.tsx";
import { oneLine } from "../../text/visible.ts";
import { isMark, markNames } from "../../words/marks.ts";
import { decimal, signed } from "../../words/numbers.ts";
import { shortState } from "../../words/rowStates.ts";
import type { ShownColumn } from "../state/columns.ts";
import { contextOf, describeMarks, phaseNames, putNames, spokenRow } from "../state/words.ts";

export interface GroupRowProps extends PlacedRow<GroupRow> {
  columns: readonly ShownColumn[];
  runFolder: string;
}

export const GroupRowView = memo(function GroupRowView(props: GroupRowProps) {
  const { id, row, index, top, active, columns, runFolder, choose } = props;
  return (
    <div
      id={id}
      class={`row${active ? " active" : ""}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      aria-label={spokenRow(row)}
      data-vscode-context={contextOf(row, runFolder)}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => choose(index, true)}
      onContextMenu={() => choose(index, false)}
    >
      {columns.map((column) => (
        <span key={column} role="gridcell" class={cellClass[column] ?? column} title={titles[column]?.(row)}>
          {cells[column](row)}
        </span>
      ))}
    </div>
  );
});

const cellClass: Partial<Record<ShownColumn, string>> = { tools: "tools mono", reason: "reason" };

const titles: Partial<Record<ShownColumn, (row: GroupRow) => string>> = {
  step: ({ phase }) => phaseNames[phase],
  tools: ({ tools }) => tools.join(", "),
  outcomes: ({ marks }) => describeMarks(marks),
  state: ({ state }) => shortState(state),
  reason: ({ one }) => oneLine(one?.reason ?? "", 300),
};

const cells: Record<ShownColumn, (row: GroupRow) => ComponentChildren> = {
  step: ({ step, phase }) => (
    <>
      {step}
      <span class="phase">{phase === "train" ? "" : phase === "probe" ? "p" : "h"}</span>
      <span class="for-readers">{phaseNames[phase]}</span>
    </>
  ),
  sample: ({ sample, query }) => (
    <>
      <span class="mono">{oneLine(sample, 60)}</span>
      <span class="dim">{oneLine(query, 160)}</span>
    </>
  ),
  tools: ({ tools, goldTools }) => {
    const gold = tools.slice(0, goldTools).join(", ");
    const others = tools.slice(goldTools).join(", ");
    return (
      <>
        {gold}
        {others !== "" && <span class="dim">{`${gold === "" ? "" : " · "}${others}`}</span>}
      </>
    );
  },
  put: ({ put }) => (put === null ? <span class="dim">–</span> : putNames[put]),
  state: ({ state }) => (state === "" ? <span class="dim">–</span> : shortState(state)),
  outcomes: ({ marks, rollout }) => (
    <>
      <span class="for-readers">{describeMarks(marks)}</span>
      <Marks marks={marks} />
      {rollout !== undefined && isMark(marks) && <span>{markNames[marks]}</span>}
      {rollout !== undefined && <span class="dim">#{rollout + 1}</span>}
    </>
  ),
  reward: ({ reward }) => (
    <>
      <span class="bar" aria-hidden="true">
        <span style={{ transform: `scaleX(${Math.max(0, Math.min(1, reward))})` }} />
      </span>
      {decimal(reward)}
    </>
  ),
  advantage: advantageOf,
  tokens: ({ one }) => one?.tokens ?? "",
  entropy: ({ one }) => (one?.entropy == null ? <span class="dim">–</span> : decimal(one.entropy)),
  reason: ({ one }) => oneLine(one?.reason ?? "", 200),
};

function advantageOf({ advantage, rollout }: GroupRow) {
  if (!advantage) return <span class="dim">–</span>;
  const [low, high] = advantage;
  if (rollout !== undefined) return signed(low);
  if (high - low < 1e-9)
    return (
      <span class="dim" title="All rewards are equal: nothing is learnt from this group.">
        none
      </span>
    );
  return `${signed(low)} … ${signed(high)}`;
}
