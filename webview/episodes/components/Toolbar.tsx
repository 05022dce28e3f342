/** Which episodes are listed, and in which order. */
import type { RefObject } from "preact";
import { type EpisodeQuery, type EpisodesHeader, EVERY_EPISODE } from "../../../schemas/episodesView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { Button, Dropdown, TextField } from "../../controls/index.tsx";
import { useRestedText } from "../../list/useRestedText.ts";
import { oneLine } from "../../text/visible.ts";
import { plural } from "../../words/numbers.ts";
import {
  correctOptions,
  endOptions,
  happenedOptions,
  originOf,
  originOptions,
  originValue,
  sortOptions,
} from "../state/words.ts";

export interface ToolbarProps {
  query: EpisodeQuery;
  header: EpisodesHeader | undefined;
  total: number | undefined;
  field: RefObject<HTMLElement | null>;
  change(query: EpisodeQuery): void;
}

/** Names are whatever a file says, so values of fields carry a letter in front of them. */
const NAMED = "=";

export function Toolbar({ query, header, total, field, change }: ToolbarProps) {
  const [text, type] = useRestedText(query.text, (typed) => change({ ...query, text: typed }));
  const { tool, category, sort } = query;
  const ofFile = header?.source.kind === "file";
  const toolOptions = [
    { value: "any", text: "Any tool" },
    { value: "none", text: "No tool called" },
    ...named(header?.tools ?? [], tool.is === "called" ? tool.name : null),
  ];
  const categoryOptions = [{ value: "any", text: "Any category" }, ...named(header?.categories ?? [], category)];
  return (
    <search class="toolbar">
      <TextField
        field={field}
        icon="search"
        label="Filter by text of the question, or its id"
        placeholder="Filter questions ( / )"
        value={text}
        onInput={type}
      />
      <Dropdown
        label="Correct or not"
        value={query.correct}
        options={correctOptions}
        onChange={(correct) => change({ ...query, correct })}
      />
      <Dropdown label="End" value={query.end} options={endOptions} onChange={(end) => change({ ...query, end })} />
      <Dropdown
        label="Tool"
        value={tool.is === "called" ? NAMED + tool.name : tool.is}
        options={toolOptions}
        onChange={(value) => change({ ...query, tool: toolOf(value) })}
      />
      {categoryOptions.length > 1 && (
        <Dropdown
          label="Category"
          value={category === null ? "any" : NAMED + category}
          options={categoryOptions}
          onChange={(value) => change({ ...query, category: nameIn(value) })}
        />
      )}
      {header && !ofFile && (
        <Dropdown
          label="Stored, or played at which step"
          value={originValue(query.from)}
          options={originOptions(header)}
          onChange={(value) => change({ ...query, from: originOf(value) })}
        />
      )}
      <Dropdown
        label="What happened in a turn"
        value={query.happened}
        options={happenedOptions}
        onChange={(happened) => change({ ...query, happened })}
      />
      <Dropdown
        label="Order"
        value={ofFile && sort === "oldest" ? "newest" : sort}
        options={sortOptions(ofFile)}
        onChange={(chosen) => change({ ...query, sort: chosen })}
      />
      {isFiltered(query) && (
        <Button appearance="icon" label="Show all episodes" onClick={() => change({ ...EVERY_EPISODE, sort })}>
          <Icon name="clear-all" />
        </Button>
      )}
      <output class="dim count">{total === undefined ? "" : plural(total, "episode")}</output>
    </search>
  );
}

/** A name that is chosen stays among them, whatever the header says. */
function named(names: readonly string[], chosen: string | null): { value: string; text: string }[] {
  const all = chosen === null || names.includes(chosen) ? names : [chosen, ...names];
  return all.map((name) => ({ value: NAMED + name, text: oneLine(name, 60) }));
}

const nameIn = (value: string): string | null => (value.startsWith(NAMED) ? value.slice(NAMED.length) : null);

function toolOf(value: string): EpisodeQuery["tool"] {
  const name = nameIn(value);
  return name === null ? { is: value === "none" ? "none" : "any" } : { is: "called", name };
}

/** Whether the query leaves anything out. */
const isFiltered = (query: EpisodeQuery): boolean =>
  Object.entries(EVERY_EPISODE).some(
    ([name, value]) => name !== "sort" && JSON.stringify(Reflect.get(query, name)) !== JSON.stringify(value),
  );
