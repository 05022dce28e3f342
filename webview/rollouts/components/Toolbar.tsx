/** What of the run is listed, and in which order. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { EVERYTHING, type ListQuery } from "../../../schemas/rolloutView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { Button, Dropdown, TextField } from "../../controls/index.tsx";
import { visibleText } from "../../text/visible.ts";
import { plural } from "../state/numbers.ts";
import { outcomeOptions, phaseOptions, sortOptions, stepsText } from "../state/words.ts";
import { Chip } from "./Chip.tsx";

export interface ToolbarProps {
  query: ListQuery;
  tools: readonly string[];
  total: number | undefined;
  field: RefObject<HTMLElement | null>;
  change(query: ListQuery): void;
}

/** The list is read again once the typing rests. Milliseconds. */
const rest = 150;

export function Toolbar({ query, tools, total, field, change }: ToolbarProps) {
  const [text, setText] = useState(query.text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(query);
  latest.current = query;
  useEffect(() => setText(query.text), [query.text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => change({ ...latest.current, text: value.slice(0, 200) }), rest);
  };
  const filtered = JSON.stringify({ ...query, sort: "newest" }) !== JSON.stringify(EVERYTHING);
  const known = query.tool === "" || tools.includes(query.tool) ? tools : [query.tool, ...tools];
  const toolOptions = [{ value: "", text: "Any tool" }, ...known.map((tool) => ({ value: tool, text: tool }))];
  return (
    <search class="toolbar">
      <TextField
        field={field}
        icon="search"
        label="Filter by sample, query or completion"
        placeholder="Filter ( / )"
        value={text}
        onInput={type}
      />
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
      {query.sample !== "" && (
        <Chip words={`sample ${visibleText(query.sample)}`} remove={() => change({ ...query, sample: "" })} />
      )}
      {query.steps && <Chip words={stepsText(query.steps)} remove={() => change({ ...query, steps: null })} />}
      {filtered && (
        <Button appearance="icon" label="Show all groups" onClick={() => change({ ...EVERYTHING, sort: query.sort })}>
          <Icon name="clear-all" />
        </Button>
      )}
      <output class="dim count">{total === undefined ? "" : plural(total, "group")}</output>
    </search>
  );
}
