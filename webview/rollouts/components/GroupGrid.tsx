// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the order has a field of its own for the keyboard
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are placed by hand
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a grid is interactive
/** The list of groups. The grid keeps the focus and names its active row, so that no row that scrolls away takes it along. */
import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import {
  type Column,
  type GroupKey,
  type GroupRow,
  keyOf,
  rowKey,
  type SortOrder,
} from "../../../schemas/rolloutView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { KnownRows } from "../client/knownRows.ts";
import { indexOfRow } from "../client/listState.ts";
import type { RolloutClient, ViewState } from "../client/rolloutClient.ts";
import { columnText, nextOrder, type ShownColumn, shownColumns, sortedBy } from "../state/columns.ts";
import { plural } from "../state/numbers.ts";
import { contextOf } from "../state/words.ts";
import { GroupRowView } from "./GroupRowView.tsx";
import { nextIndex } from "./keys.ts";
import { ROW_HEIGHT, useVirtualRows } from "./useVirtualRows.ts";

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
  const { list, follow } = state;
  const all = list?.rows ?? KnownRows.unknown(0);
  const rows = useVirtualRows(grid, all.length, ROW_HEIGHT);
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const end = (items.at(-1)?.index ?? -1) + 1;
  const active = list && selected ? indexOfRow(list, selected) : -1;
  const { rows: kind } = state.query;
  const columns = useMemo(() => shownColumns(kind, chosen), [kind, chosen]);
  const current = active === -1 ? undefined : all.at(active);
  const latest = useRef({ all, first, active });
  latest.current = { all, first, active };

  useEffect(() => client.look(first, end), [client, first, end, list?.list]);

  const topIndex = () => Math.floor((grid.current?.scrollTop ?? 0) / ROW_HEIGHT);
  // Where the list stood when it was asked for anew.
  const asked = useRef(0);
  useEffect(() => {
    client.anchorWith(() => {
      asked.current = topIndex();
      const row = topIndex() > 0 ? latest.current.all.at(topIndex()) : undefined;
      return row ? rowKey(row) : null;
    });
  }, [client]);

  // A list that was opened anew stands where the old one stood, and as far from there as somebody has scrolled meanwhile.
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element || state.at === null) return;
    const part = follow ? 0 : element.scrollTop % ROW_HEIGHT;
    element.scrollTop = (state.at + topIndex() - asked.current) * ROW_HEIGHT + part;
  }, [state.openings]);

  const scrolled = () => {
    const top = topIndex();
    client.setFollow(top === 0);
    const row = top > 0 ? latest.current.all.at(top) : undefined;
    anchored(row ? rowKey(row) : null);
  };

  // Home and End lead to rows that may not be here yet: they are chosen when they come.
  const wanted = useRef<number>(undefined);
  const choose = useCallback(
    (index: number, open: boolean) => {
      wanted.current = undefined;
      const row = latest.current.all.at(index);
      if (row) select(row, open ? "open" : "move");
    },
    [select],
  );

  useEffect(() => {
    if (wanted.current !== undefined && all.at(wanted.current)) choose(wanted.current, false);
  });

  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((grid.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const from = wanted.current ?? (active === -1 ? topIndex() - 1 : active);
    const index = nextIndex(event.key, from, all.length, page);
    const row = all.at(active);
    if (event.key === "Enter" && row) select(row, "enter");
    else if (index !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      rows.scrollToIndex(index);
      if (all.at(index)) choose(index, false);
      else {
        wanted.current = index;
        client.look(index, index + 1);
      }
    } else return;
    event.preventDefault();
  };

  return (
    <div class="list">
      {state.list && state.list.waiting > 0 && (
        <button type="button" class="pill" onClick={() => client.setFollow(true)}>
          <Icon name="arrow-up" />
          {plural(state.list.waiting, "new group")}
        </button>
      )}
      <div
        class="grid"
        role="grid"
        aria-label={kind === "rollouts" ? "Completions" : "Groups of rollouts"}
        data-vscode-context={current && contextOf(current, runFolder)}
        aria-rowcount={all.length + 1}
        aria-colcount={columns.length}
        aria-activedescendant={active >= first && active < end ? "active-row" : undefined}
        tabIndex={0}
        ref={grid}
        onKeyDown={press}
        onScroll={scrolled}
      >
        <div class="space" style={{ height: `${rows.getTotalSize()}px` }}>
          <HeadRow columns={columns} order={state.query.sort} sort={sort} />
          {items.map(({ index, start }) => {
            const row = all.at(index);
            if (!row)
              return <div key={`#${index}`} class="row empty" style={{ transform: `translateY(${start}px)` }} />;
            return (
              <GroupRowView
                key={keyOf(row)}
                id={index === active ? "active-row" : `row-${index}`}
                row={row}
                index={index}
                top={start}
                active={index === active}
                columns={columns}
                runFolder={runFolder}
                choose={choose}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface HeadRowProps {
  columns: readonly ShownColumn[];
  order: SortOrder;
  sort(order: SortOrder): void;
}

function HeadRow({ columns, order, sort }: HeadRowProps) {
  return (
    <div class="row head" role="row" aria-rowindex={1}>
      {columns.map((column) => {
        const next = nextOrder(column, order);
        const sorted = sortedBy(column, order);
        return (
          <span
            key={column}
            role="columnheader"
            class={`${column}${next ? " sortable" : ""}`}
            aria-sort={sorted}
            title={next && `Order by ${columnText(column)}`}
            onClick={next && (() => sort(next))}
          >
            {columnText(column)}
            {sorted && <Icon name={sorted === "ascending" ? "chevron-up" : "chevron-down"} />}
          </span>
        );
      })}
    </div>
  );
}
