/** The list of groups, or of their completions. */
import type { RefObject } from "preact";
import { useCallback, useMemo } from "preact/hooks";
import {
  type Column,
  type GroupKey,
  type GroupRow,
  keyOf,
  rowKey,
  type SortOrder,
} from "../../../schemas/rolloutView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { HeadRow } from "../../list/HeadRow.tsx";
import { KnownRows } from "../../list/knownRows.ts";
import { RowGrid } from "../../list/RowGrid.tsx";
import { plural } from "../../words/numbers.ts";
import { indexOfRow } from "../client/listState.ts";
import type { RolloutClient, ViewState } from "../client/rolloutClient.ts";
import { columnText, nextOrder, shownColumns, sortedBy } from "../state/columns.ts";
import { contextOf } from "../state/words.ts";
import { GroupRowView } from "./GroupRowView.tsx";

export interface GroupGridProps {
  client: RolloutClient;
  state: ViewState;
  selected: GroupKey | null;
  grid: RefObject<HTMLDivElement | null>;
  columns: readonly Column[];
  runFolder: string;
  /** Orders the list otherwise. */
  sort(order: SortOrder): void;
  /** `open`: with its details, `enter`: and the keyboard goes there. */
  select(row: GroupRow, how: "move" | "open" | "enter"): void;
  /** The first row that is seen; null at the top. */
  anchored(anchor: GroupKey | null): void;
}

export function GroupGrid(props: GroupGridProps) {
  const { client, state, selected, grid, columns: chosen, runFolder, sort, select, anchored } = props;
  const { list, follow, openings, at } = state;
  const all = list?.rows ?? KnownRows.unknown<GroupRow>(0);
  const active = list && selected ? indexOfRow(list, selected) : -1;
  const { rows: kind } = state.query;
  const columns = useMemo(() => shownColumns(kind, chosen), [kind, chosen]);
  const { sort: order } = state.query;
  const heads = columns.map((id) => {
    const next = nextOrder(id, order);
    return { id, text: columnText(id), sorted: sortedBy(id, order), sort: next && (() => sort(next)) };
  });
  const current = active === -1 ? undefined : all.at(active);
  const look = useCallback((first: number, end: number) => client.look(first, end), [client]);
  const anchorWith = useCallback(
    (top: () => GroupRow | undefined) =>
      client.anchorWith(() => {
        const row = top();
        return row ? rowKey(row) : null;
      }),
    [client],
  );
  return (
    <div class="list">
      {state.list && state.list.waiting > 0 && (
        <button type="button" class="pill" onClick={() => client.setFollow(true)}>
          <Icon name="arrow-up" />
          {plural(state.list.waiting, "new group")}
        </button>
      )}
      <RowGrid
        label={kind === "rollouts" ? "Completions" : "Groups of rollouts"}
        grid={grid}
        rows={all}
        active={active}
        columns={columns.length}
        opened={{ list: list?.list, openings, at, follow }}
        head={<HeadRow columns={heads} />}
        context={current && contextOf(current, runFolder)}
        drawn={(placed) => <GroupRowView key={keyOf(placed.row)} {...placed} columns={columns} runFolder={runFolder} />}
        look={look}
        anchorWith={anchorWith}
        scrolled={(top, atStart) => {
          client.setFollow(atStart);
          anchored(top ? rowKey(top) : null);
        }}
        select={select}
      />
    </div>
  );
}
