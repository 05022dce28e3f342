// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid takes the keys
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are placed by hand
/** One row of the list. */
import { memo } from "preact/compat";
import type { GroupRow } from "../../../schemas/rolloutView.ts";
import { oneLine } from "../../text/visible.ts";
import { decimal, signed } from "../state/numbers.ts";
import { describeMarks, phaseNames } from "../state/words.ts";
import { Marks } from "./Marks.tsx";

export interface GroupRowProps {
  id: string;
  row: GroupRow;
  /** From 0. */
  index: number;
  top: number;
  active: boolean;
  choose(index: number, open: boolean): void;
}

export const GroupRowView = memo(function GroupRowView({ id, row, index, top, active, choose }: GroupRowProps) {
  const gold = row.tools.slice(0, row.goldTools);
  const others = row.tools.slice(row.goldTools);
  return (
    <div
      id={id}
      class={`row${active ? " active" : ""}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => choose(index, true)}
    >
      <span role="gridcell" class="step" title={phaseNames[row.phase]}>
        {row.step}
        <span class="phase">{row.phase === "train" ? "" : row.phase === "probe" ? "p" : "h"}</span>
        <span class="for-readers">{phaseNames[row.phase]}</span>
      </span>
      <span role="gridcell" class="sample">
        <span class="mono">{oneLine(row.sample, 60)}</span>
        <span class="dim">{oneLine(row.query, 160)}</span>
      </span>
      <span role="gridcell" class="tools mono" title={row.tools.join(", ")}>
        {gold.join(", ")}
        {others.length > 0 && <span class="dim">{`${gold.length > 0 ? " · " : ""}${others.join(", ")}`}</span>}
      </span>
      <span role="gridcell" class="outcomes" title={describeMarks(row.marks)}>
        <span class="for-readers">{describeMarks(row.marks)}</span>
        <Marks marks={row.marks} />
      </span>
      <span role="gridcell" class="reward">
        <span class="bar" aria-hidden="true">
          <span style={{ transform: `scaleX(${Math.max(0, Math.min(1, row.reward))})` }} />
        </span>
        {decimal(row.reward)}
      </span>
      <span role="gridcell" class="advantage">
        {advantageOf(row)}
      </span>
    </div>
  );
});

function advantageOf({ advantage }: GroupRow) {
  if (!advantage) return <span class="dim">–</span>;
  const [low, high] = advantage;
  if (high - low < 1e-9)
    return (
      <span class="dim" title="All rewards are equal: nothing is learnt from this group.">
        none
      </span>
    );
  return `${signed(low)} … ${signed(high)}`;
}
