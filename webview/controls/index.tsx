/**
 * The controls of the views, made of @vscode/webview-ui-toolkit. The one folder that knows the toolkit, so that another
 * set of controls would touch it alone. Rows and tables are the views' own.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import { type ComponentChildren, h, type RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

export { Button } from "./Button.tsx";
export { ProgressRing } from "./ProgressRing.tsx";

provideVSCodeDesignSystem().register(vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption(), vsCodeTextField());

export interface TextFieldProps {
  value: string;
  label: string;
  placeholder: string;
  /** Name of a codicon in front of the text. */
  icon: string;
  field: RefObject<HTMLElement | null>;
  onInput(value: string): void;
}

export function TextField({ value, label, placeholder, icon, field, onInput }: TextFieldProps) {
  return h(
    "vscode-text-field",
    {
      ref: field,
      value,
      placeholder,
      "aria-label": label,
      maxlength: 200,
      onInput: (event: Event) => onInput(textOf(event)),
    },
    h("span", { slot: "start", class: `codicon codicon-${icon}`, "aria-hidden": "true" }),
  );
}

export interface DropdownProps<T extends string> {
  value: T;
  label: string;
  options: readonly { value: T; text: string }[];
  onChange(value: T): void;
}

export function Dropdown<T extends string>({ value, label, options, onChange }: DropdownProps<T>) {
  const element = useRef<HTMLElement & { value: string }>(null);
  // The element forgets a value that none of its options has at that moment, so it is told again after they are there.
  useEffect(() => {
    const current = element.current;
    if (current && current.value !== value) current.value = value;
  }, [value, options]);
  const choose = (event: Event) => {
    const chosen = options.find((option) => option.value === textOf(event));
    if (chosen && chosen.value !== value) onChange(chosen.value);
  };
  return h(
    "vscode-dropdown",
    { ref: element, "aria-label": label, title: label, onChange: choose },
    options.map((option) => h("vscode-option", { key: option.value, value: option.value }, option.text)),
  );
}

export interface CheckboxProps {
  checked: boolean;
  onChange(checked: boolean): void;
  children: ComponentChildren;
}

export function Checkbox({ checked, onChange, children }: CheckboxProps) {
  const change = (event: Event) => onChange(Reflect.get(event.currentTarget ?? {}, "checked") === true);
  return h("vscode-checkbox", { checked, onChange: change }, children);
}

function textOf(event: Event): string {
  const value: unknown = Reflect.get(event.currentTarget ?? {}, "value");
  return typeof value === "string" ? value : "";
}
