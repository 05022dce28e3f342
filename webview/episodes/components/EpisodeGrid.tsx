/** The list of episodes. */
import type { RefObject } from "preact";
import { useCallback, useMemo } from "preact/hooks";
import {
  type EpisodeKey,
  type EpisodeRow,
  type EpisodeSort,
  episodeId,
  episodeKey,
} from "../../../schemas/episodesView.ts";
import { HeadRow } from "../../list/HeadRow.tsx";
import { KnownRows } from "../../list/knownRows.ts";
import { RowGrid } from "../../list/RowGrid.tsx";
import type { EpisodesClient, EpisodesState } from "../client/episodesClient.ts";
import { columnsOf, nextOrder, sortedBy } from "../state/columns.ts";
import { EpisodeRowView } from "./EpisodeRowView.tsx";

export interface EpisodeGridProps {
  client: EpisodesClient;
  state: EpisodesState;
  grid: RefObject<HTMLDivElement | null>;
  /** Index of the episode that is chosen, among those that are known; -1 where it is not. */
  active: number;
  /** Orders the list otherwise. */
  sort(order: EpisodeSort): void;
  /** `open`: turn by turn, `enter`: and the keyboard goes there. */
  select(row: EpisodeRow, how: "move" | "open" | "enter"): void;
  /** Takes a key of the grid that was pressed elsewhere. */
  mover: RefObject<((key: string) => boolean) | null>;
  /** The first row that is seen; null at the top. */
  anchored(anchor: EpisodeKey | null): void;
}

export function EpisodeGrid({ client, state, grid, active, sort, select, mover, anchored }: EpisodeGridProps) {
  const { list, openings, at, header, query } = state;
  const ofFile = header?.source.kind === "file";
  const columns = useMemo(() => columnsOf(ofFile), [ofFile]);
  const ids = useMemo(() => columns.map(({ id }) => id), [columns]);
  const heads = columns.map((column) => {
    const next = nextOrder(column, query.sort);
    const { id, text } = column;
    return { id, text, sorted: sortedBy(column, query.sort), sort: next && (() => sort(next)) };
  });
  const look = useCallback((first: number, end: number) => client.look(first, end), [client]);
  const anchorWith = useCallback(
    (top: () => EpisodeRow | undefined) =>
      client.anchorWith(() => {
        const row = top();
        return row ? episodeKey(row) : null;
      }),
    [client],
  );
  return (
    <div class="list">
      <RowGrid
        label="Episodes"
        grid={grid}
        rows={list?.rows ?? KnownRows.unknown<EpisodeRow>(0)}
        active={active}
        columns={columns.length}
        opened={{ list: list?.list, openings, at, follow: at === 0 }}
        head={<HeadRow columns={heads} />}
        drawn={(placed) => <EpisodeRowView key={episodeId(placed.row)} {...placed} columns={ids} />}
        look={look}
        anchorWith={anchorWith}
        scrolled={(top) => anchored(top ? episodeKey(top) : null)}
        select={select}
        mover={mover}
      />
    </div>
  );
}
