/**
 * Fields that can say what is wrong with them. The toolkit's keep their element in a shadow tree, where no description of
 * another tree reaches it, so these are the browser's own in the editor's colours.
 */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { FaultList } from "./FaultList.tsx";
import { type Fault, isAtFault } from "./faults.ts";

let fields = 0;

/** Preact's own ids repeat where parts of a page are drawn later than others. */
export function useOwnId(): string {
  const [id] = useState(() => `field-${++fields}`);
  return id;
}

export interface FieldProps {
  label: string;
  /** More about what is wanted. */
  hint?: string | undefined;
  /** What is wrong with the value. */
  problems?: readonly Fault[];
  required?: boolean;
  /** Name of its type, where that is no matter of course. */
  type?: string;
  /** Beside the label. */
  aside?: ComponentChildren;
  /** Whether the label is for screen readers alone. */
  quiet?: boolean;
}

export interface TextBoxProps extends FieldProps {
  value: string;
  /** Grows with its text. */
  lines?: boolean;
  /** Code or data, and no prose. */
  code?: boolean;
  /** Finds the field again after it was drawn anew. */
  place?: string;
  placeholder?: string;
  readOnly?: boolean;
  onInput(value: string): void;
  onBlur?(): void;
}

export function TextBox(props: TextBoxProps) {
  const { value, lines, code, place, placeholder, readOnly, onInput, onBlur, ...field } = props;
  const id = useOwnId();
  const given = {
    id,
    value,
    placeholder,
    readOnly,
    class: code ? "box mono" : "box",
    spellcheck: !code,
    "data-place": place,
    "aria-invalid": isAtFault(field.problems) || undefined,
    "aria-required": field.required || undefined,
    "aria-describedby": describedBy(id, field),
    onBlur,
  };
  return (
    <Framed id={id} {...field}>
      {lines ? (
        <textarea {...given} rows={1} onInput={({ currentTarget }) => onInput(currentTarget.value)} />
      ) : (
        <input {...given} onInput={({ currentTarget }) => onInput(currentTarget.value)} />
      )}
    </Framed>
  );
}

export interface ChoiceProps extends FieldProps {
  value: string;
  options: readonly { value: string; text: string }[];
  code?: boolean;
  place?: string;
  onChange(value: string): void;
}

export function Choice({ value, options, code, place, onChange, ...field }: ChoiceProps) {
  const id = useOwnId();
  return (
    <Framed id={id} {...field}>
      <select
        id={id}
        value={value}
        class={code ? "box mono" : "box"}
        data-place={place}
        aria-invalid={isAtFault(field.problems) || undefined}
        aria-required={field.required || undefined}
        aria-describedby={describedBy(id, field)}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </Framed>
  );
}

const describedBy = (id: string, { hint, problems }: FieldProps): string | undefined =>
  [hint && `${id}-hint`, problems?.length && `${id}-problems`].filter(Boolean).join(" ") || undefined;

function Framed({
  id,
  label,
  hint,
  problems,
  aside,
  quiet,
  required,
  type,
  children,
}: FieldProps & { id: string; children: ComponentChildren }) {
  return (
    <div class={isAtFault(problems) ? "field at-fault" : "field"}>
      <div class={quiet && !aside ? "for-readers" : "field-head"}>
        <span class="names">
          <label for={id} class={quiet ? "for-readers" : ""}>
            {label}
          </label>
          <Mandatory required={required} type={type} />
        </span>
        {aside && <span class="asides">{aside}</span>}
      </div>
      {children}
      {hint && (
        <p id={`${id}-hint`} class="hint dim">
          {hint}
        </p>
      )}
      <FaultList id={`${id}-problems`} faults={problems ?? []} />
    </div>
  );
}

/** Beside a name: its type, and whether it has to be there, which fields tell those who hear them by themselves. */
export function Mandatory({ required, type }: { required?: boolean | undefined; type?: string | undefined }) {
  return (
    <>
      {required && (
        <span class="mandatory" title="Required" aria-hidden="true">
          *
        </span>
      )}
      {type && <span class="dim type">{type}</span>}
    </>
  );
}
