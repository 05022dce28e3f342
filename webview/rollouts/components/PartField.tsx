/** A part of the reward that some completion has below a value, or from it on. */
import { useEffect, useState } from "preact/hooks";
import type { ListQuery, PartFilter } from "../../../schemas/rolloutView.ts";
import { Choice, TextBox } from "../../controls/fields.tsx";
import { oneLine } from "../../text/visible.ts";

export interface PartFieldProps {
  /** Of the run's reward. */
  names: readonly string[];
  part: ListQuery["part"];
  change(part: PartFilter | null): void;
}

const sides = [
  { value: "below", text: "below" },
  { value: "atLeast", text: "at least" },
] as const;

export function PartField({ names, part, change }: PartFieldProps) {
  const shown = part ? String(part.value) : "1";
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const value = text.trim() === "" ? Number.NaN : Number(text);
  const known = part && !names.includes(part.name) ? [part.name, ...names] : names;
  const take = () => {
    if (part && Number.isFinite(value) && value !== part.value) change({ ...part, value });
  };
  return (
    <form
      class="part-filter"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <Choice
        label="Reward part"
        value={part?.name ?? ""}
        options={[{ value: "", text: "any" }, ...known.map((name) => ({ value: name, text: oneLine(name, 40) }))]}
        onChange={(name) =>
          change(name === "" ? null : { name, side: part?.side ?? "below", value: Number.isFinite(value) ? value : 1 })
        }
      />
      {part && (
        <>
          <Choice
            label="is"
            value={part.side}
            options={sides}
            onChange={(side) => change({ ...part, side: side === "atLeast" ? "atLeast" : "below" })}
          />
          <TextBox
            label="value"
            value={text}
            problems={Number.isFinite(value) ? [] : [{ sentence: "A number.", severity: "error" }]}
            onInput={setText}
            onBlur={take}
          />
          <button type="submit" class="for-readers" tabIndex={-1}>
            Apply
          </button>
        </>
      )}
    </form>
  );
}
