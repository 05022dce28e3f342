/** The name of a group of fields, and what can be done with it as a whole. */
import type { ComponentChildren } from "preact";
import { Mandatory } from "../../controls/fields.tsx";

export interface GroupHeadProps {
  label: string;
  type?: string;
  hint?: string | undefined;
  required?: boolean;
  aside?: ComponentChildren;
}

export function GroupHead({ label, type, hint, required, aside }: GroupHeadProps) {
  return (
    <>
      <legend>
        <span class="names">
          {label}
          <Mandatory required={required} type={type} />
        </span>
        <span class="asides">{aside}</span>
      </legend>
      {hint && <p class="hint dim">{hint}</p>}
    </>
  );
}
