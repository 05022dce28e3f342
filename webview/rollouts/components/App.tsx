/** The rollout view. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import {
  EVERYTHING,
  type GroupKey,
  type GroupRow,
  groupOf,
  keyOf,
  type ListQuery,
  type RunHeader,
  rowKey,
  type SavedFilter,
} from "../../../schemas/rolloutView.ts";
import { Button, ProgressRing } from "../../controls/index.tsx";
import { Trouble } from "../../controls/Trouble.tsx";
import { useListKeys } from "../../list/useListKeys.ts";
import type { RolloutClient, ViewState } from "../client/rolloutClient.ts";
import type { Persisted } from "../state/persisted.ts";
import { Announcer } from "./Announcer.tsx";
import { Detail } from "./Detail.tsx";
import { GroupGrid } from "./GroupGrid.tsx";
import { Header } from "./Header.tsx";
import { MoreFilters } from "./MoreFilters.tsx";
import { Toolbar } from "./Toolbar.tsx";

export interface AppProps {
  client: RolloutClient;
  state: ViewState;
  kept: Persisted;
  keep(changes: Partial<Persisted>): void;
}

/** What is looked at, and how. */
type Looking = Pick<Persisted, "tab" | "against" | "columns" | "moreFilters">;

export function App({ client, state, kept, keep }: AppProps) {
  const [selected, setSelected] = useState<GroupKey | null>(kept.selected);
  const [open, setOpen] = useState(kept.detail);
  const { tab, against, columns, moreFilters } = kept;
  const [looking, setLooking] = useState<Looking>({ tab, against, columns, moreFilters });
  const [focus, setFocus] = useState(0);
  const grid = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLElement>(null);

  const select = useCallback(
    (row: GroupRow, how: "move" | "open" | "enter") => {
      const key = rowKey(row);
      setSelected(key);
      if (how !== "move") setOpen(true);
      if (how === "enter") setFocus((times) => times + 1);
      keep({ selected: key, ...(how !== "move" && { detail: true }) });
    },
    [keep],
  );
  const show = useCallback(
    (key: GroupKey) => {
      setSelected(key);
      keep({ selected: key });
    },
    [keep],
  );
  const look = useCallback(
    (changes: Partial<Looking>) => {
      setLooking((before) => ({ ...before, ...changes }));
      keep(changes);
    },
    [keep],
  );
  const query = useCallback(
    (wanted: ListQuery) => {
      client.setQuery(wanted);
      keep({ query: wanted, anchor: null });
    },
    [client, keep],
  );
  const close = useCallback(() => {
    setOpen(false);
    keep({ detail: false });
    grid.current?.focus();
  }, [keep]);

  useEffect(() => {
    const { to } = state.went;
    if (to) {
      setSelected(to);
      setOpen(true);
    }
    if (state.went.number > 0) keep({ query: state.query, anchor: null, ...(to && { selected: to, detail: true }) });
  }, [state.went]);

  useListKeys({ field, grid, close: open ? close : undefined });

  const { list, header, problem } = state;
  // Rows far from where the view looks are forgotten; that is no news of the group that is open.
  const known = useRef<{ key: string; revision: number }>(undefined);
  const key = selected && keyOf(groupOf(selected));
  const row = key === null ? undefined : list?.rows.find((one) => keyOf(groupOf(one)) === key);
  if (row) known.current = { key: keyOf(groupOf(row)), revision: row.revision };
  const revision = known.current?.key === key ? known.current?.revision : undefined;
  return (
    <main class={open && selected ? "with-detail" : ""}>
      <Header title={kept.title} header={header} connection={state.connection} />
      <div>
        <Toolbar
          query={state.query}
          header={header}
          total={list?.rows.length}
          search={list?.search ?? null}
          field={field}
          change={query}
          goSearching={(on) => client.search(on)}
          more={looking.moreFilters}
          showMore={(moreFilters) => look({ moreFilters })}
        />
        {looking.moreFilters && (
          <MoreFilters
            query={state.query}
            header={header}
            filters={state.filters}
            columns={looking.columns}
            change={query}
            keepFilters={(filters: SavedFilter[]) => client.tell({ kind: "keepFilters", filters })}
            setColumns={(chosen) => look({ columns: chosen })}
          />
        )}
      </div>
      {problem && <Trouble problem={problem} retry={() => client.open()} />}
      <div class="panes">
        {list && list.rows.length > 0 ? (
          <GroupGrid
            client={client}
            state={state}
            selected={selected}
            grid={grid}
            columns={looking.columns}
            runFolder={kept.runFolder}
            sort={(sort) => query({ ...state.query, sort })}
            select={select}
            anchored={(anchor) => keep({ anchor })}
          />
        ) : (
          <div class="list empty">
            {list && header && (
              <Empty
                header={header}
                rows={state.query.rows}
                searching={list.search?.going === "on"}
                showAll={() => query({ ...EVERYTHING, rows: state.query.rows })}
                showEpisodes={() => client.tell({ kind: "showEpisodes" })}
              />
            )}
            {!list && !problem && <ProgressRing label="Reading the run" />}
          </div>
        )}
        {open && selected && (
          <Detail
            client={client}
            runFolder={kept.runFolder}
            group={selected}
            revision={revision}
            focus={focus}
            tab={looking.tab}
            against={looking.against}
            change={look}
            show={show}
            close={close}
          />
        )}
      </div>
      <Announcer added={state.added} />
    </main>
  );
}

/** Nothing to list: why, and what to do next. */
interface EmptyProps {
  header: RunHeader;
  rows: ListQuery["rows"];
  searching: boolean;
  showAll(): void;
  showEpisodes(): void;
}

function Empty({ header, rows, searching, showAll, showEpisodes }: EmptyProps) {
  if (searching) {
    return (
      <div class="empty-state">
        <p>Nothing found yet.</p>
      </div>
    );
  }
  if (header.groups > 0) {
    return (
      <div class="empty-state">
        <p>No {rows === "rollouts" ? "completion" : "group"} of this run fits the filter.</p>
        <Button onClick={showAll}>Show all {rows === "rollouts" ? "completions" : "groups"}</Button>
      </div>
    );
  }
  if (header.ofEpisodes) {
    return (
      <div class="empty-state">
        <h2>This run has episodes, and no rollouts</h2>
        <p>
          It plays questions over several turns. Show Episodes (palette, or the menu of the run) lists them, and shows
          each one turn by turn.
        </p>
        <Button onClick={showEpisodes}>Show Episodes</Button>
      </div>
    );
  }
  const words: Record<RunHeader["state"], string> = {
    running: "The first ones appear here as soon as they are stored, after the model has been loaded.",
    paused: "The run is paused. Resume it, and they appear here.",
    finished: "The run has ended without any: supervised training samples no completions.",
    stopped: "The run was stopped before its first step. Resume it, and they appear here.",
    failed: "The run failed before its first step. Its log says why.",
    interrupted: "The run was cut off before its first step. Resume it, and they appear here.",
  };
  return (
    <div class="empty-state">
      <h2>Training has not produced rollouts yet</h2>
      <p>{words[header.state]}</p>
      {header.message && <p class="dim">{header.message}</p>}
    </div>
  );
}
