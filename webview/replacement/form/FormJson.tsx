/** A value that has no field of its own: JSON, which becomes part of the file as soon as it is some. */
import type { Path } from "../../../schemas/replacementView.ts";
import { type FieldProps, TextBox } from "../../controls/fields.tsx";
import { useDraft } from "../components/context.ts";
import { notYet } from "./notYet.ts";

export interface FormJsonProps extends FieldProps {
  path: Path;
  value: string;
  place?: string;
  /** Whether only an object will do. */
  object?: boolean;
}

export function FormJson({ path, value, problems = [], object = false, ...field }: FormJsonProps) {
  const { text, input, leave } = useDraft(path, value, (typed) =>
    notYet(typed, { object }) === undefined ? typed : undefined,
  );
  const fault = notYet(text, { object });
  const all = fault === undefined ? problems : [fault];
  return <TextBox {...field} lines code value={text} problems={all} onInput={input} onBlur={leave} />;
}
