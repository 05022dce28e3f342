/** What a schema says of a field: a reading of JSON Schema that knows what forms need, and takes all else for "any value". */
import { isJsonObject } from "../../../server/toolcalls/json.ts";
import { ToolSchema } from "../../../server/toolcalls/toolSchema.ts";

export interface FormSchema {
  shape: "text" | "number" | "object" | "list" | "any";
  /** For people. */
  type: string;
  description: string;
  nullable: boolean;
  /** The only values that are right. */
  options?: readonly unknown[];
  /** Of an object; undefined where it names none. */
  properties?: Readonly<Record<string, unknown>>;
  required: readonly string[];
  /** Of members that are not named; false where there are none. */
  additional: unknown;
  /** Of a list. */
  items: unknown;
}

/** References that lead to each other in a circle end somewhere. */
const MOST_HOPS = 16;

/**
 * @param root what references point into
 * @param value decides between alternatives: the first that it fits is the one it is meant as
 */
export function formSchema(root: unknown, given: unknown, value?: unknown): FormSchema {
  return readSchema(root, given, value, 0);
}

/** @param depth of lists that it is named in: "list of list of …" may have no end */
function readSchema(root: unknown, given: unknown, value: unknown, depth: number): FormSchema {
  const { schema, nullable } = resolved(root, given, value);
  const types = typesOf(schema).filter((type) => type !== "null");
  const type = types.length === 1 ? types[0] : undefined;
  const properties = isJsonObject(schema.properties) ? schema.properties : undefined;
  const common = {
    description: typeof schema.description === "string" ? schema.description : "",
    nullable: nullable || typesOf(schema).includes("null") || schema.nullable === true,
    ...(properties === undefined ? {} : { properties }),
    required: Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === "string") : [],
    // No tool takes arguments that it does not name, unless it says so.
    additional:
      isJsonObject(schema.additionalProperties) || schema.additionalProperties === true
        ? schema.additionalProperties
        : properties === undefined,
    items: isJsonObject(schema.items) ? schema.items : true,
  };
  // An enum beside a list was meant for its items.
  const options = type === "array" || type === "object" ? undefined : optionsOf(schema, common.nullable);
  if (options !== undefined) return { ...common, shape: "any", type: type ?? "", options };
  switch (type) {
    case "boolean":
      return { ...common, shape: "any", type, options: common.nullable ? [true, false, null] : [true, false] };
    case "string":
      return { ...common, shape: "text", type };
    case "number":
    case "integer":
      return { ...common, shape: "number", type };
    case "array": {
      const inner = depth < 2 ? readSchema(root, common.items, undefined, depth + 1).type : "";
      // Places of a tuple differ, and a form has no word for it.
      const shape = Array.isArray(schema.prefixItems) || Array.isArray(schema.items) ? "any" : "list";
      return { ...common, shape, type: inner === "" ? "list" : `list of ${inner}` };
    }
    case "object":
      return { ...common, shape: "object", type };
  }
  if (types.length === 0 && properties !== undefined) return { ...common, shape: "object", type: "object" };
  return { ...common, shape: "any", type: types.join(" or ") };
}

function optionsOf(schema: Record<string, unknown>, nullable: boolean): unknown[] | undefined {
  if (schema.const !== undefined) return [schema.const];
  if (!Array.isArray(schema.enum) || schema.enum.length === 0) return undefined;
  return nullable && !schema.enum.includes(null) ? [...schema.enum, null] : schema.enum;
}

/** Without references and alternatives, as far as the value or null decides them. */
function resolved(root: unknown, given: unknown, value: unknown) {
  let schema: Record<string, unknown> = isJsonObject(given) ? given : {};
  let nullable = false;
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    // What stands beside a reference or an alternative holds too; its description is the nearer one.
    const { $ref, anyOf, oneOf, allOf, ...beside } = schema;
    const alternatives = [anyOf, oneOf].find(Array.isArray);
    const next =
      typeof $ref === "string"
        ? pointed(root, $ref)
        : alternatives !== undefined
          ? chosen(root, alternatives, value)
          : Array.isArray(allOf) && allOf.length === 1
            ? allOf[0]
            : undefined;
    if (alternatives?.some(isNull)) nullable = true;
    if (!isJsonObject(next)) return { schema, nullable };
    schema = { ...next, ...beside };
  }
  return { schema: {}, nullable };
}

const isNull = (schema: unknown): boolean => isJsonObject(schema) && (schema.type === "null" || schema.const === null);

function chosen(root: unknown, alternatives: readonly unknown[], value: unknown): unknown {
  const others = alternatives.filter((schema) => !isNull(schema));
  if (others.length === 1) return others[0];
  if (value === undefined || value === null) return undefined;
  // References inside an alternative point into the whole.
  const definitions = isJsonObject(root) ? { $defs: root.$defs, definitions: root.definitions } : {};
  return others.find(
    (schema) => isJsonObject(schema) && ToolSchema.of({ ...definitions, ...schema }).errors(value).length === 0,
  );
}

/** Within the document; what lies elsewhere is not fetched. */
function pointed(root: unknown, reference: string): unknown {
  if (!reference.startsWith("#")) return undefined;
  let at = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const key = decoded(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (!isJsonObject(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function typesOf({ type }: Record<string, unknown>): string[] {
  return (Array.isArray(type) ? type : [type]).filter((name) => typeof name === "string");
}
