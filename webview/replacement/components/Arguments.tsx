/** The arguments of a call: a form by its tool's schema, or JSON. */
import type { ArgumentField, CallReading, Path } from "../../../schemas/replacementView.ts";
import { Choice, TextBox } from "../../controls/fields.tsx";
import { oneLine } from "../../text/visible.ts";
import { problemsAt, useDraft, useEditor } from "./context.ts";
import { IconButton } from "./IconButton.tsx";

export interface ArgumentsProps {
  call: CallReading;
  /** Of the call. */
  path: Path;
}

export function Arguments({ call, path }: ArgumentsProps) {
  const { client, reading } = useEditor();
  const asJson = client.isShownAsJson(path);
  const at = [...path, "arguments"];
  const { fields } = call;
  const toggle = fields && (
    <button type="button" class="link" onClick={() => client.showAsJson(path, !asJson)}>
      {asJson ? "Edit as form" : "Edit as JSON"}
    </button>
  );
  if (asJson || !fields) {
    return (
      <JsonBox
        label="Arguments"
        path={at}
        value={call.arguments}
        problems={problemsAt(reading, at, true)}
        aside={toggle}
      />
    );
  }
  const given = fields.filter(({ value }) => value !== null);
  // What a call lacks is wrong about the call, and said where the argument would stand.
  const absent = fields.filter(({ value }) => value === null);
  return (
    <fieldset class="arguments-form">
      <legend>Arguments {toggle}</legend>
      {given.map((field) => (
        <ArgumentBox key={field.name} field={field} path={[...at, field.name]} />
      ))}
      {absent.length > 0 && <AbsentArguments fields={absent} path={at} />}
      <Faults problems={problemsAt(reading, at)} />
    </fieldset>
  );
}

function ArgumentBox({ field, path }: { field: ArgumentField; path: Path }) {
  const { client, reading } = useEditor();
  const value = field.value ?? "null";
  const parsed: unknown = JSON.parse(value);
  const problems = problemsAt(reading, path, true);
  const remove = (
    <IconButton
      icon="close"
      label={`Leave out ${field.name}`}
      onClick={() => client.edit([{ change: "remove", path }], { said: `${field.name} left out` })}
    />
  );
  const label = field.required ? field.name : `${field.name} (optional)`;
  const common = { label, hint: oneLine(field.description, 300) || undefined, problems, aside: remove };
  if (field.type === "boolean" || field.type === "choice") {
    const options = field.type === "boolean" ? ["true", "false"] : field.options;
    const shown = JSON.stringify(parsed);
    const all = options.includes(shown) ? options : [shown, ...options];
    return (
      <Choice
        {...common}
        code
        value={shown}
        options={all.map((option) => ({ value: option, text: wordOf(option) }))}
        onChange={(json) => client.edit([{ change: "set", path, json }])}
      />
    );
  }
  if (field.type === "string" && typeof parsed === "string") {
    return <PlainBox {...common} path={path} value={parsed} toJson={JSON.stringify} />;
  }
  if ((field.type === "number" || field.type === "integer") && typeof parsed !== "object") {
    // As it is written: a number that no double holds keeps its digits.
    const shown = typeof parsed === "string" ? parsed : value;
    return <PlainBox {...common} path={path} value={shown} toJson={numberOrText} code />;
  }
  return <JsonBox {...common} path={path} value={value} />;
}

interface BoxProps {
  label: string;
  hint?: string | undefined;
  problems: string[];
  aside?: preact.ComponentChildren;
  path: Path;
  value: string;
}

function PlainBox({
  path,
  value,
  toJson,
  code,
  ...field
}: BoxProps & { toJson(text: string): string; code?: boolean }) {
  const { text, input, leave } = useDraft(path, value, toJson);
  return <TextBox {...field} lines code={code ?? false} value={text} onInput={input} onBlur={leave} />;
}

/** Text that becomes part of the document as soon as it is JSON. */
export function JsonBox({ path, value, problems, ...field }: BoxProps) {
  const { text, input, leave } = useDraft(path, value, (typed) => (faultOf(typed) === undefined ? typed : undefined));
  const fault = faultOf(text);
  const all = fault === undefined ? problems : [`Not in the file yet: ${fault}`];
  return <TextBox {...field} lines code value={text} problems={all} onInput={input} onBlur={leave} />;
}

function AbsentArguments({ fields, path }: { fields: readonly ArgumentField[]; path: Path }) {
  const { client } = useEditor();
  return (
    <p class="absent">
      <span class="dim">Left out:</span>
      {fields.map((field) => (
        <button
          key={field.name}
          type="button"
          class={field.required ? "chip wanted" : "chip"}
          title={field.description}
          aria-label={`Add ${field.name}${field.required ? ", required" : ""}`}
          onClick={() =>
            client.edit([{ change: "set", path: [...path, field.name], json: firstValue(field) }], {
              said: `${field.name} added`,
            })
          }
        >
          + {field.name}
          {field.required && " (required)"}
        </button>
      ))}
    </p>
  );
}

export function Faults({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="problems">
      {problems.map((problem) => (
        <li key={problem}>{problem}</li>
      ))}
    </ul>
  );
}

/** A value of the right type where there is one that means nothing yet. */
function firstValue({ type, options }: ArgumentField): string {
  const values: Record<ArgumentField["type"], string> = {
    string: '""',
    number: "0",
    integer: "0",
    boolean: "false",
    choice: options[0] ?? "null",
    json: "null",
  };
  return values[type];
}

function wordOf(json: string): string {
  const value: unknown = JSON.parse(json);
  return oneLine(typeof value === "string" ? value : json, 80);
}

const numberOrText = (text: string): string =>
  /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text.trim()) ? text.trim() : JSON.stringify(text);

/** Undefined for JSON. */
function faultOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
