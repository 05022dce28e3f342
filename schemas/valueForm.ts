/**
 * A value laid out as a form by its schema. Values are JSON text, so that no number loses a digit on its way; a value that
 * its schema does not fit is laid out as what it is.
 */
import { type TSchema, Type } from "@sinclair/typebox";
import { strict, text } from "./fields.ts";

const json = Type.String({ description: "A value as JSON." });

interface Common {
  /** Of the type, for people: "integer", "list of string". Empty where any value may stand. */
  type: string;
  nullable: boolean;
}

export type ValueForm = Common &
  (
    | { kind: "text" | "number" | "json"; json: string }
    /** Null, in place of a value; `first` is what a value would begin as. */
    | { kind: "null"; first: string }
    | { kind: "choice"; json: string; options: string[] }
    /** `open`: what a member of any other name would begin as; null where there are no others. */
    | { kind: "object"; members: MemberForm[]; absent: AbsentMember[]; open: string | null }
    /** `item`: what one more would begin as. */
    | { kind: "list"; items: ValueForm[]; item: string }
  );

export interface MemberForm {
  name: string;
  description: string;
  required: boolean;
  form: ValueForm;
}

export interface AbsentMember {
  name: string;
  description: string;
  required: boolean;
  /** What it would begin as. */
  first: string;
}

const formSchema = <T extends TSchema>(This: T) => {
  const form = <K extends string>(kind: K, members: Record<string, TSchema>) =>
    Type.Object({ kind: Type.Literal(kind), type: text, nullable: Type.Boolean(), ...members }, strict);
  const member = { name: text, description: text, required: Type.Boolean() };
  return Type.Union([
    form("text", { json }),
    form("number", { json }),
    form("json", { json }),
    form("null", { first: json }),
    form("choice", { json, options: Type.Array(json) }),
    form("object", {
      members: Type.Array(Type.Object({ ...member, form: This }, strict)),
      absent: Type.Array(Type.Object({ ...member, first: json }, strict)),
      open: Type.Union([json, Type.Null()]),
    }),
    form("list", { items: Type.Array(This), item: json }),
  ]);
};

export const ValueForm = Type.Unsafe<ValueForm>(Type.Recursive(formSchema));
