// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are placed by hand
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a grid is interactive
/** A list of any length. The grid keeps the focus and names its active row, so that no row that scrolls away takes it along. */
import type { ComponentChildren, RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { nextIndex } from "./keys.ts";
import type { KnownRows } from "./knownRows.ts";
import { ROW_HEIGHT, useVirtualRows } from "./useVirtualRows.ts";

/** Where a row stands in the grid. */
export interface PlacedRow<Row> {
  id: string;
  row: Row;
  /** From 0. */
  index: number;
  top: number;
  active: boolean;
  choose(index: number, open: boolean): void;
}

export interface RowGridProps<Row> {
  label: string;
  grid: RefObject<HTMLDivElement | null>;
  rows: KnownRows<Row>;
  /** Index of the chosen row, or -1. */
  active: number;
  columns: number;
  /** The list as it was last opened; where its row that was asked for now stands, null where it was not asked for. */
  opened: { list: number | undefined; openings: number; at: number | null; follow: boolean };
  /** The row with the heads of the columns. */
  head: ComponentChildren;
  /** What the editor's context menu is told of the grid. */
  context?: string | undefined;
  drawn(placed: PlacedRow<Row>): ComponentChildren;
  /** Which rows are looked at. */
  look(first: number, end: number): void;
  /** Hands over what tells the row at the top when the list is opened anew; undefined at its beginning. */
  anchorWith(top: () => Row | undefined): void;
  /** The row at the top after somebody scrolled, and whether that is the beginning of the list. */
  scrolled(top: Row | undefined, atStart: boolean): void;
  /** `open`: with its details, `enter`: and the keyboard goes there. */
  select(row: Row, how: "move" | "open" | "enter"): void;
  /** Takes a key of the grid that was pressed elsewhere; false where it is none. */
  mover?: RefObject<((key: string) => boolean) | null>;
}

export function RowGrid<Row>(props: RowGridProps<Row>) {
  const {
    label,
    grid,
    rows: all,
    active,
    columns,
    opened,
    head,
    context,
    drawn,
    look,
    anchorWith,
    select,
    mover,
  } = props;
  const rows = useVirtualRows(grid, all.length, ROW_HEIGHT);
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const end = (items.at(-1)?.index ?? -1) + 1;
  const latest = useRef({ all });
  latest.current = { all };

  useEffect(() => look(first, end), [look, first, end, opened.list]);

  const topIndex = () => Math.floor((grid.current?.scrollTop ?? 0) / ROW_HEIGHT);
  // Where the list stood when it was asked for anew.
  const asked = useRef(0);
  useEffect(() => {
    anchorWith(() => {
      asked.current = topIndex();
      return topIndex() > 0 ? latest.current.all.at(topIndex()) : undefined;
    });
  }, [anchorWith]);

  // A list that was opened anew stands where the old one stood, and as far from there as somebody has scrolled meanwhile.
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element || opened.at === null) return;
    const part = opened.follow ? 0 : element.scrollTop % ROW_HEIGHT;
    element.scrollTop = (opened.at + topIndex() - asked.current) * ROW_HEIGHT + part;
  }, [opened.openings]);

  const scrolled = () => {
    const top = topIndex();
    props.scrolled(top > 0 ? latest.current.all.at(top) : undefined, top === 0);
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

  const move = (key: string): boolean => {
    const page = Math.max(1, Math.floor((grid.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const from = wanted.current ?? (active === -1 ? topIndex() - 1 : active);
    const index = nextIndex(key, from, all.length, page);
    if (index === undefined) return false;
    rows.scrollToIndex(index);
    if (all.at(index)) choose(index, false);
    else {
      wanted.current = index;
      look(index, index + 1);
    }
    return true;
  };
  if (mover) mover.current = move;

  const press = (event: KeyboardEvent) => {
    const row = all.at(active);
    const plainKey = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key === "Enter" && row) select(row, "enter");
    else if (!plainKey || !move(event.key)) return;
    event.preventDefault();
  };

  return (
    <div
      class="grid"
      role="grid"
      aria-label={label}
      data-vscode-context={context}
      aria-rowcount={all.length + 1}
      aria-colcount={columns}
      aria-activedescendant={active >= first && active < end ? "active-row" : undefined}
      tabIndex={0}
      ref={grid}
      onKeyDown={press}
      onScroll={scrolled}
    >
      <div class="space" style={{ height: `${rows.getTotalSize()}px` }}>
        {head}
        {items.map(({ index, start }) => {
          const row = all.at(index);
          if (!row) return <div key={`#${index}`} class="row empty" style={{ transform: `translateY(${start}px)` }} />;
          const id = index === active ? "active-row" : `row-${index}`;
          return drawn({ id, row, index, top: start, active: index === active, choose });
        })}
      </div>
    </div>
  );
}
