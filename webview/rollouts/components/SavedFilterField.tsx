/** Filters with a name: taken up again, kept, and given up. */
import { useState } from "preact/hooks";
import type { ListQuery, SavedFilter } from "../../../schemas/rolloutView.ts";
import { Choice, TextBox } from "../../controls/fields.tsx";
import { Button } from "../../controls/index.tsx";
import { savedAs, withFilter } from "../state/filters.ts";

export interface SavedFilterFieldProps {
  filters: readonly SavedFilter[];
  query: ListQuery;
  take(query: ListQuery): void;
  keep(filters: SavedFilter[]): void;
}

export function SavedFilterField({ filters, query, take, keep }: SavedFilterFieldProps) {
  const [name, setName] = useState("");
  const current = savedAs(filters, query);
  const save = () => {
    const wanted = name.trim().slice(0, 60);
    if (wanted === "") return;
    keep(withFilter(filters, { name: wanted, query }).slice(-50));
    setName("");
  };
  return (
    <form
      class="saved-filters"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Choice
        label="Saved filters"
        value={current?.name ?? ""}
        options={[
          { value: "", text: filters.length === 0 ? "none yet" : "none of them" },
          ...filters.map((filter) => ({ value: filter.name, text: filter.name })),
        ]}
        onChange={(chosen) => {
          const filter = filters.find((one) => one.name === chosen);
          if (filter) take(filter.query);
        }}
      />
      <TextBox label="Save this one as" value={name} placeholder="name" onInput={setName} />
      <Button onClick={save}>Save</Button>
      {current && (
        <Button onClick={() => keep(filters.filter((filter) => filter !== current))}>Delete “{current.name}”</Button>
      )}
    </form>
  );
}
