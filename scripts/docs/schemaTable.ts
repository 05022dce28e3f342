/** A JSON Schema as rows of a table: a key on each, with what it may be. */

/** The part of JSON Schema that our own schemas use. */
export interface JsonSchema {
  type?: string | string[] | undefined;
  title?: string | undefined;
  description?: string | undefined;
  properties?: Record<string, JsonSchema> | undefined;
  required?: string[] | undefined;
  items?: JsonSchema | undefined;
  additionalProperties?: boolean | JsonSchema | undefined;
  patternProperties?: Record<string, JsonSchema> | undefined;
  anyOf?: JsonSchema[] | undefined;
  enum?: unknown[] | undefined;
  const?: unknown | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  exclusiveMinimum?: number | undefined;
  exclusiveMaximum?: number | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  maxLength?: number | undefined;
}

export interface Field {
  /** As `settings.sampling.groupSize`; `[]` stands for every item of a list. */
  key: string;
  type: string;
  optional: boolean;
  text: string;
}

/** The fields of an object, those of the objects in it behind each of them. */
export function fieldsOf(schema: JsonSchema, above = ""): Field[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const key = above === "" ? name : `${above}.${name}`;
    return [
      { key, type: typeOf(part), optional: !required.has(name), text: part.description ?? "" },
      ...fieldsBelow(part, key),
    ];
  });
}

function fieldsBelow(schema: JsonSchema, key: string): Field[] {
  if (schema.properties) return fieldsOf(schema, key);
  if (schema.items) return fieldsBelow(schema.items, `${key}[]`);
  return [];
}

/** What a value may be, in words. */
export function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(", ");
  if (schema.title !== undefined) return schema.title;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(" or ");
  if (schema.items) return `list of ${plural(typeOf(schema.items))}${itemsRange(schema)}`;
  if (schema.type === "object" || schema.properties) return schema.properties ? "object" : "object of any keys";
  const type = Array.isArray(schema.type) ? schema.type.join(" or ") : (schema.type ?? "anything");
  return `${type === "string" ? "text" : type}${range(schema)}`;
}

const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;

const plural = (type: string): string => (type === "text" ? "texts" : type === "object" ? "objects" : type);

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, maxLength }: JsonSchema): string {
  const least =
    minimum !== undefined ? `from ${minimum}` : exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : "";
  const most =
    maximum !== undefined ? `to ${maximum}` : exclusiveMaximum !== undefined ? `below ${exclusiveMaximum}` : "";
  const length = maxLength !== undefined ? `at most ${maxLength} characters` : "";
  const said = [least, most, length].filter(Boolean).join(" ");
  return said === "" ? "" : `, ${said}`;
}

const itemsRange = ({ minItems, maxItems }: JsonSchema): string =>
  `${minItems ? `, at least ${minItems}` : ""}${maxItems ? `, at most ${maxItems}` : ""}`;

/** A row of a Markdown table. Cells hold one line each. */
export const row = (...cells: string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;

export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(...heads),
  `|${heads.map(() => "---|").join("")}`,
  ...rows.map((cells) => row(...cells)),
  "",
];
