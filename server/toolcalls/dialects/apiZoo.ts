/** Gorilla API-Zoo: documentation of APIs, each parameter a sentence that may begin with what it is: `[REQUIRED] string: …`. */
import { plain } from "../display.ts";
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { emptyReading, type Tool } from "./model.ts";
import { type JsonObject, member, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { namedType } from "./typeNames.ts";

export const apiZoo: Dialect = {
  id: "gorilla-api-zoo",
  title: "Gorilla API-Zoo",
  layout: "array",
  habits: {
    "schema-type-name": "hint",
    "tool-name": "hint",
    "array-items": "hint",
    "enum-type": "hint",
    "duplicate-tool": "hint",
  },

  detect(value) {
    if (!isJsonObject(value) || typeof value.api_call !== "string") return 0;
    return typeof value.api_name === "string" && value.api_arguments !== undefined ? 1 : 0;
  },

  read(value, root) {
    const tool = readApi(value, root);
    return { ...emptyReading(), tools: tool?.name ? [tool] : [] };
  },

  writeTool,
};

function readApi(value: unknown, ref: Ref): Tool | undefined {
  if (!isJsonObject(value)) return undefined;
  const list = isJsonObject(value.api_arguments) ? value.api_arguments : {};
  const read = Object.entries(list).map(([name, written]) => ({ name, ...parameterOf(written) }));
  const required = read.filter((one) => one.required).map(({ name }) => name);
  const place = ref.at("api_arguments");
  const description = textMember(value, "functionality");
  return {
    name: textMember(value, "api_name") ?? "",
    ...(description === undefined ? {} : { description }),
    parameters: {
      type: "object",
      properties: Object.fromEntries(read.map(({ name, schema }) => [name, schema])),
      ...(required.length > 0 ? { required } : {}),
    },
    ref,
    nameRef: value.api_name === undefined ? ref : ref.at("api_name"),
    schemaRef: ([keyword, step]) => {
      const name = keyword === "required" && typeof step === "number" ? required[step] : step;
      return typeof name === "string" && Object.hasOwn(list, name) ? place.at(name) : place;
    },
    written: value,
  };
}

const MARKS = /^(\[REQUIRED\] ?)?(?:([A-Za-z]+(?:\[[\w, ]*\])?): ?)?/;

/** A sentence, a list of the values that are allowed, a map of parameters inside, or a default. */
function parameterOf(written: unknown): { schema: JsonObject; required: boolean } {
  if (Array.isArray(written)) return { schema: { enum: written }, required: false };
  if (isJsonObject(written)) {
    const properties = Object.entries(written).map(([name, inner]): [string, unknown] => [
      name,
      parameterOf(inner).schema,
    ]);
    return { schema: { type: "object", properties: Object.fromEntries(properties) }, required: false };
  }
  if (typeof written !== "string") return { schema: { default: written }, required: false };
  const [marks = "", needed, type] = MARKS.exec(written) ?? [];
  const known = type !== undefined && namedType(type) !== undefined;
  const description = written.slice(known ? marks.length : (needed ?? "").length);
  return { schema: { ...(known ? { type } : {}), description }, required: needed !== undefined };
}

function writeTool({ name, description = "", parameters, written }: Tool): Written {
  const required = member(parameters, "required");
  const properties = member(parameters, "properties");
  const lost = new Set<string>();
  const entries = Object.entries(isJsonObject(properties) ? properties : {}).map(([key, schema]): [string, unknown] => [
    key,
    argumentValue(schema, Array.isArray(required) && required.includes(key), lost),
  ]);
  const value = {
    user_name: textMember(written, "user_name") ?? "",
    api_name: name,
    api_call: textMember(written, "api_call") ?? name,
    api_version: textMember(written, "api_version") ?? "",
    api_arguments: Object.fromEntries(entries),
    functionality: description,
  };
  const left = [...lost].map((key) => `\`${plain(key)}\``).join(", ");
  return { value, lost: left === "" ? [] : [`Left out of the parameters of "${plain(name)}": ${left}.`] };
}

/** @param lost gets the keywords that have no place in a sentence */
function argumentValue(schema: unknown, required: boolean, lost: Set<string>): unknown {
  if (!isJsonObject(schema)) return "";
  const keys = Object.keys(schema);
  const only = (key: string): boolean => keys.length === 1 && keys[0] === key && !required;
  if (only("enum") && Array.isArray(schema.enum)) return schema.enum;
  if (
    only("default") &&
    !isJsonObject(schema.default) &&
    typeof schema.default !== "string" &&
    !Array.isArray(schema.default)
  )
    return schema.default;
  if (schema.type === "object" && isJsonObject(schema.properties) && !required && keys.length === 2)
    return Object.fromEntries(
      Object.entries(schema.properties).map(([key, inner]) => [key, argumentValue(inner, false, lost)]),
    );
  for (const key of keys) if (key !== "type" && key !== "description") lost.add(key);
  const type = typeof schema.type === "string" ? `${schema.type}: ` : "";
  return `${required ? "[REQUIRED] " : ""}${type}${typeof schema.description === "string" ? schema.description : ""}`;
}
