/** Lays a value out as a form by its schema: what fits a field gets one, and what does not is JSON, shown as it is. */
import type { AbsentMember, MemberForm, ValueForm } from "../../../schemas/valueForm.ts";
import { isExactNumber, isJsonObject } from "../../../server/toolcalls/json.ts";
import { firstValue } from "./firstValue.ts";
import { type FormSchema, formSchema } from "./formSchema.ts";

/** Objects and lists within each other that are laid out; what is deeper is JSON. */
const DEEPEST = 6;
/** Fields of one form; a person finds nothing among more of them. */
const MOST = 500;

type Form<K extends ValueForm["kind"]> = Extract<ValueForm, { kind: K }>;

/** @param root the schema that references point into */
export function valueForm(root: unknown, value: unknown): ValueForm {
  let left = MOST;
  const lay = (schema: unknown, item: unknown, depth: number): ValueForm => {
    left--;
    const known = formSchema(root, schema, item);
    const { type, nullable } = known;
    const common = { type, nullable };
    if (item === null && nullable && known.options === undefined) {
      return { ...common, kind: "null", first: jsonOf(firstValue(root, schema)) };
    }
    const kind = kindOf(known, item);
    if (kind === "choice") return { ...common, kind, json: jsonOf(item), options: (known.options ?? []).map(jsonOf) };
    if (depth < DEEPEST && left > 0) {
      if (kind === "object" && isJsonObject(item)) return { ...common, kind, ...membersOf(known, item, depth) };
      if (kind === "list" && Array.isArray(item)) {
        const items = item.map((one) => lay(known.items, one, depth + 1));
        return { ...common, kind, items, item: jsonOf(firstValue(root, known.items)) };
      }
    }
    return { ...common, kind: kind === "object" || kind === "list" ? "json" : kind, json: jsonOf(item) };
  };
  const membersOf = (known: FormSchema, item: Record<string, unknown>, depth: number) => {
    const { properties = {}, required, additional } = known;
    const members: MemberForm[] = [];
    const absent: AbsentMember[] = [];
    // In the order of the schema, then what it does not name.
    for (const name of new Set([...Object.keys(properties), ...Object.keys(item)])) {
      const isKnown = Object.hasOwn(properties, name);
      const schema = isKnown ? properties[name] : additional;
      const common = { name, description: formSchema(root, schema).description, required: required.includes(name) };
      if (!Object.hasOwn(item, name)) absent.push({ ...common, first: jsonOf(firstValue(root, schema)) });
      else members.push({ ...common, form: lay(schema, item[name], depth + 1) });
    }
    return { members, absent, open: additional === false ? null : jsonOf(firstValue(root, additional)) };
  };
  return lay(root, value, 0);
}

/** The field that can show the value, and every value that would be right in its place. */
function kindOf(known: FormSchema, value: unknown): Exclude<ValueForm["kind"], "null"> {
  const isScalar = typeof value !== "object" || isExactNumber(value) || value === null;
  if (known.options !== undefined) return isScalar ? "choice" : "json";
  switch (known.shape) {
    case "text":
      return typeof value === "string" ? "text" : "json";
    case "number":
      return isScalar ? "number" : "json";
    case "object":
      return isJsonObject(value) ? "object" : "json";
    case "list":
      return Array.isArray(value) ? "list" : "json";
    case "any":
      return "json";
  }
}

const jsonOf = (value: unknown): string => JSON.stringify(value, null, 2);

/** The form of a call's arguments; undefined where their schema names none. */
export function argumentsForm(schema: unknown, values: Readonly<Record<string, unknown>>): Form<"object"> | undefined {
  if (formSchema(schema, schema).properties === undefined) return undefined;
  const form = valueForm(schema, values);
  return form.kind === "object" ? form : undefined;
}
