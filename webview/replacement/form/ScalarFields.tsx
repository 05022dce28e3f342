/** Fields of values that hold no others. */
import type { Path } from "../../../schemas/replacementView.ts";
import { Choice, TextBox, type TextBoxProps } from "../../controls/fields.tsx";
import { oneLine } from "../../text/visible.ts";
import { useDraft, useEditor } from "../components/context.ts";
import { placeOf } from "./places.ts";
import { readScalar, shownScalar } from "./scalarText.ts";

type Field = Omit<TextBoxProps, "value" | "onInput"> & { path: Path };

export function TextField({ json, path, ...field }: Field & { json: string }) {
  const { text, input, leave } = useDraft(path, String(JSON.parse(json)), JSON.stringify);
  return <TextBox {...field} lines value={text} onInput={input} onBlur={leave} />;
}

export function NumberField({ json, path, ...field }: Field & { json: string }) {
  const { text, input, leave } = useDraft(path, shownScalar(json), readScalar);
  return <TextBox {...field} code value={text} onInput={input} onBlur={leave} />;
}

/** @param first what a value would begin as */
export function NullField({ first, path, ...field }: Field & { first: string }) {
  const { client } = useEditor();
  const give = (): void => client.edit([{ change: "set", path, json: first }], { focus: placeOf(path) });
  return (
    <TextBox
      {...field}
      code
      readOnly
      value="null"
      onInput={() => {}}
      aside={
        <>
          <button type="button" class="link" aria-label={`Give ${field.label} a value`} onClick={give}>
            value
          </button>
          {field.aside}
        </>
      }
    />
  );
}

export function SetNull({ label, path }: { label: string; path: Path }) {
  const { client } = useEditor();
  const set = (): void => client.edit([{ change: "set", path, json: "null" }], { focus: placeOf(path) });
  return (
    <button type="button" class="link" aria-label={`Set ${label} to null`} onClick={set}>
      null
    </button>
  );
}

export interface ChoiceFieldProps extends Field {
  json: string;
  options: readonly string[];
}

export function ChoiceField({ json, options, path, ...field }: ChoiceFieldProps) {
  const { client } = useEditor();
  // A value that is none of the options stays until another is chosen.
  const all = options.includes(json) ? options : [json, ...options];
  return (
    <Choice
      {...field}
      code
      value={json}
      options={all.map((option) => ({ value: option, text: wordOf(option, all) }))}
      onChange={(chosen) => client.edit([{ change: "set", path, json: chosen }])}
    />
  );
}

/** Text without its quotes, unless another option is written so. */
function wordOf(json: string, all: readonly string[]): string {
  const value: unknown = JSON.parse(json);
  return oneLine(typeof value === "string" && !all.includes(value) ? value : json, 80);
}
