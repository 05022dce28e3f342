/** Filters beside the common ones, what a row is, and which columns it has. */
import type { Column, ListQuery, RunHeader, SavedFilter } from "../../../schemas/rolloutView.ts";
import { Choice } from "../../controls/fields.tsx";
import { Checkbox } from "../../controls/index.tsx";
import { columnsOf } from "../state/columns.ts";
import { putOptions, rowOptions, stateOptions, varianceOptions } from "../state/words.ts";
import { PartField } from "./PartField.tsx";
import { RangeField } from "./RangeField.tsx";
import { SavedFilterField } from "./SavedFilterField.tsx";

export interface MoreFiltersProps {
  query: ListQuery;
  header: RunHeader | undefined;
  filters: readonly SavedFilter[];
  columns: readonly Column[];
  change(query: ListQuery): void;
  keepFilters(filters: SavedFilter[]): void;
  setColumns(columns: Column[]): void;
}

export function MoreFilters(props: MoreFiltersProps) {
  const { query, header, filters, columns, change, keepFilters, setColumns } = props;
  const offered = columnsOf(query.rows);
  return (
    <section id="more-filters" class="more-bar" aria-label="More filters and columns">
      <div class="fields">
        <Chosen
          label="Rows are"
          options={rowOptions}
          value={query.rows}
          change={(rows) => change({ ...query, rows })}
        />
        <Chosen
          label="Sample is"
          options={stateOptions}
          value={query.state}
          change={(state) => change({ ...query, state })}
        />
        <Chosen label="Drawn" options={putOptions} value={query.put} change={(put) => change({ ...query, put })} />
        <Chosen
          label="Rewards of a group"
          options={varianceOptions}
          value={query.variance}
          change={(variance) => change({ ...query, variance })}
        />
        <PartField names={header?.parts ?? []} part={query.part} change={(part) => change({ ...query, part })} />
        <RangeField
          label="Steps"
          range={query.steps}
          limit={Math.max(header?.steps ?? 0, header?.step ?? 0)}
          change={(steps) => change({ ...query, steps })}
        />
        {(header?.rounds ?? 0) > 0 && (
          <RangeField
            label="Rounds"
            range={query.rounds}
            limit={header?.rounds ?? 0}
            change={(rounds) => change({ ...query, rounds })}
          />
        )}
        <SavedFilterField filters={filters} query={query} take={change} keep={keepFilters} />
      </div>
      <fieldset class="columns">
        <legend class="dim">Columns</legend>
        {offered.map(({ id, text }) => (
          <Checkbox
            key={id}
            checked={columns.includes(id)}
            onChange={(checked) =>
              setColumns(checked ? [...columns.filter((one) => one !== id), id] : columns.filter((one) => one !== id))
            }
          >
            {text}
          </Checkbox>
        ))}
      </fieldset>
    </section>
  );
}

interface ChosenProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; text: string }[];
  change(value: T): void;
}

function Chosen<T extends string>({ label, value, options, change }: ChosenProps<T>) {
  const choose = (text: string) => {
    const option = options.find((one) => one.value === text);
    if (option) change(option.value);
  };
  return <Choice label={label} value={value} options={options} onChange={choose} />;
}
