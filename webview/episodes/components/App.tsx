/** The view of episodes: the list, and one of them turn by turn. */
import { useCallback, useRef, useState } from "preact/hooks";
import {
  type EpisodeKey,
  type EpisodeQuery,
  type EpisodeRow,
  EVERY_EPISODE,
  episodeId,
  episodeKey,
} from "../../../schemas/episodesView.ts";
import { ProgressRing } from "../../controls/index.tsx";
import { Trouble } from "../../controls/Trouble.tsx";
import { useListKeys } from "../../list/useListKeys.ts";
import type { EpisodesClient, EpisodesState } from "../client/episodesClient.ts";
import type { Persisted } from "../state/persisted.ts";
import { Detail } from "./Detail.tsx";
import { Empty } from "./Empty.tsx";
import { EpisodeGrid } from "./EpisodeGrid.tsx";
import { Faults } from "./Faults.tsx";
import { Header } from "./Header.tsx";
import { Toolbar } from "./Toolbar.tsx";

export interface AppProps {
  client: EpisodesClient;
  state: EpisodesState;
  kept: Persisted;
  keep(changes: Partial<Persisted>): void;
}

/** What is looked at. */
type Looking = Pick<Persisted, "selected" | "detail" | "turn" | "unfolded">;

export function App({ client, state, kept, keep }: AppProps) {
  const { selected, detail, turn, unfolded } = kept;
  const [looking, setLooking] = useState<Looking>({ selected, detail, turn, unfolded });
  const latest = useRef(looking);
  latest.current = looking;
  const [focus, setFocus] = useState(0);
  const grid = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLElement>(null);
  const mover = useRef<((key: string) => boolean) | null>(null);

  const look = useCallback(
    (changes: Partial<Looking>) => {
      setLooking((before) => ({ ...before, ...changes }));
      keep(changes);
    },
    [keep],
  );
  const select = useCallback(
    (row: EpisodeRow, how: "move" | "open" | "enter") => {
      const key = episodeKey(row);
      const { selected: before, turn: at, detail: isOpen } = latest.current;
      const same = before !== null && episodeId(before) === episodeId(key);
      look({ selected: key, turn: same ? at : 0, detail: isOpen || how !== "move" });
      if (how === "enter") setFocus((times) => times + 1);
    },
    [look],
  );
  const query = useCallback(
    (wanted: EpisodeQuery) => {
      client.setQuery(wanted);
      keep({ query: wanted, anchor: null });
    },
    [client, keep],
  );
  const close = useCallback(() => {
    look({ detail: false });
    grid.current?.focus();
  }, [look]);
  const open = looking.detail && looking.selected !== null;

  useListKeys({ field, grid, close: open ? close : undefined });

  const { list, header, problem } = state;
  const active = useIndexOf(looking.selected, list);
  return (
    <main class={open ? "with-detail" : ""}>
      <Header title={kept.title} header={header} connection={state.connection} />
      <Toolbar query={state.query} header={header} total={list?.rows.length} field={field} change={query} />
      <div class="notices">
        {problem !== undefined && <Trouble problem={problem} retry={() => client.open()} />}
        {header && <Faults faults={header.faults} />}
      </div>
      <div class="panes">
        {list && list.rows.length > 0 ? (
          <EpisodeGrid
            client={client}
            state={state}
            grid={grid}
            active={active}
            sort={(sort) => query({ ...state.query, sort })}
            select={select}
            mover={mover}
            anchored={(anchor) => keep({ anchor })}
          />
        ) : (
          <div class="list empty">
            {list && header && (
              <Empty
                header={header}
                showAll={() => query({ ...EVERY_EPISODE, sort: state.query.sort })}
                openRollouts={() => client.openRollouts()}
              />
            )}
            {!list && problem === undefined && <ProgressRing label="Reading the episodes" />}
          </div>
        )}
        {open && looking.selected && (
          <Detail
            client={client}
            state={state}
            episode={looking.selected}
            place={active === -1 ? undefined : { index: active, of: list?.rows.length ?? 0 }}
            turn={looking.turn}
            unfolded={looking.unfolded}
            focus={focus}
            grid={grid}
            look={look}
            move={(key) => mover.current?.(key)}
            close={close}
          />
        )}
      </div>
    </main>
  );
}

/** Place of an episode in the list, or -1. Rows far from where the view looks are forgotten; where they stood is not. */
function useIndexOf(key: EpisodeKey | null, list: EpisodesState["list"]): number {
  const last = useRef({ id: "", list: 0, index: -1 });
  if (!key || !list) return -1;
  const id = episodeId(key);
  const index = list.rows.findIndex((row) => episodeId(row) === id);
  if (index !== -1) last.current = { id, list: list.list, index };
  return last.current.id === id && last.current.list === list.list ? last.current.index : -1;
}
