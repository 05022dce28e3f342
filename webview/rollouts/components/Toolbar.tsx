/** What of the run is listed, and in which order. */
import type { RefObject } from "preact";
import { EVERYTHING, type ListQuery, type RunHeader, type SearchState } from "../../../schemas/rolloutView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { Button, Dropdown, TextField } from "../../controls/index.tsx";
import { useRestedText } from "../../list/useRestedText.ts";
import { visibleText } from "../../text/visible.ts";
import { plural } from "../../words/numbers.ts";
import { filtersBeside, isFiltered } from "../state/filters.ts";
import { outcomeOptions, phaseOptions, roundsText, scopeOptions, sortOptions, stepsText } from "../state/words.ts";
import { Chip } from "./Chip.tsx";
import { SearchProgress } from "./SearchProgress.tsx";

export interface ToolbarProps {
  query: ListQuery;
  header: RunHeader | undefined;
  total: number | undefined;
  /** Null where no text is searched for. */
  search: SearchState | null;
  field: RefObject<HTMLElement | null>;
  change(query: ListQuery): void;
  goSearching(on: boolean): void;
  /** Whether the filters and columns beside these are open. */
  more: boolean;
  showMore(more: boolean): void;
}

export function Toolbar({ query, header, total, search, field, change, goSearching, more, showMore }: ToolbarProps) {
  const [text, type] = useRestedText(query.text, (typed) => change({ ...query, text: typed }));
  const tools = header?.tools ?? [];
  const known = query.tool === "" || tools.includes(query.tool) ? tools : [query.tool, ...tools];
  const toolOptions = [{ value: "", text: "Any tool" }, ...known.map((tool) => ({ value: tool, text: tool }))];
  const beside = filtersBeside(query);
  return (
    <search class="toolbar">
      <TextField
        field={field}
        icon="search"
        label="Filter by text: of the sample, the prompt or the completions"
        placeholder="Filter ( / )"
        value={text}
        onInput={type}
      />
      {query.text !== "" && (
        <Dropdown
          label="Where the text is looked for"
          value={query.within}
          options={scopeOptions}
          onChange={(within) => change({ ...query, within })}
        />
      )}
      <Dropdown label="Tool" value={query.tool} options={toolOptions} onChange={(tool) => change({ ...query, tool })} />
      <Dropdown
        label="Outcome"
        value={query.outcome}
        options={outcomeOptions}
        onChange={(outcome) => change({ ...query, outcome })}
      />
      <Dropdown
        label="Phase"
        value={query.phase}
        options={phaseOptions}
        onChange={(phase) => change({ ...query, phase })}
      />
      <Dropdown
        label="Order"
        value={query.sort}
        options={sortOptions}
        onChange={(sort) => change({ ...query, sort })}
      />
      <button
        type="button"
        class="more-filters"
        aria-expanded={more}
        aria-controls="more-filters"
        onClick={() => showMore(!more)}
      >
        <Icon name="settings" />
        {beside > 0 ? `More, ${beside} set` : "More"}
      </button>
      {query.sample !== "" && (
        <Chip words={`sample ${visibleText(query.sample)}`} remove={() => change({ ...query, sample: "" })} />
      )}
      {query.steps && <Chip words={stepsText(query.steps)} remove={() => change({ ...query, steps: null })} />}
      {query.rounds && <Chip words={roundsText(query.rounds)} remove={() => change({ ...query, rounds: null })} />}
      {isFiltered(query) && (
        <Button
          appearance="icon"
          label="Show all groups"
          onClick={() => change({ ...EVERYTHING, rows: query.rows, sort: query.sort })}
        >
          <Icon name="clear-all" />
        </Button>
      )}
      {search && <SearchProgress search={search} go={goSearching} />}
      <output class="dim count" aria-busy={search?.going === "on"}>
        {total === undefined ? "" : plural(total, query.rows === "rollouts" ? "completion" : "group")}
      </output>
    </search>
  );
}
