import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { Rule } from "./rule.ts";

/** Keywords under which null is a value that people write. */
const MAY_BE_NULL: ReadonlySet<string> = new Set(["const", "default", "example", "examples"]);

export const arrowNulls: Rule = {
  id: "arrow-nulls",
  severity: "error",
  title: "Keys of other records, filled with null",
  documentation: {
    text: "Arrow gives all records one struct, so a table that was loaded and saved again has every key of every record, null where a record had none. The policy then learns to pass null for arguments of other tools, and schemas list properties that are null. Store such columns as JSON in strings, or drop the nulls.",
    bad: '{"name":"get_weather","arguments":{"city":"Oslo","minutes":null,"selector":null}}',
    good: '{"name":"get_weather","arguments":{"city":"Oslo"}}',
  },
  call({ call, faults }, { report }) {
    const names = foreignNulls(faults, call.arguments);
    if (names.length === 0) return;
    report(
      call.argumentsRef,
      `"${plain(call.name)}" has no ${listOf(names)}, which ${names.length === 1 ? "is" : "are"} null here: keys of other records, filled in by a table.`,
      { data: { names } },
    );
  },
  schema({ schema, ref, name }, { report }) {
    const { properties } = schema;
    const empty = isJsonObject(properties) ? Object.keys(properties).filter((key) => properties[key] === null) : [];
    const keywords = Object.keys(schema).filter((key) => schema[key] === null && !MAY_BE_NULL.has(key));
    if (empty.length + keywords.length === 0) return;
    const place = empty.length > 0 ? ref("properties") : ref();
    const where = name === "" ? "The parameters have" : `"${plain(name)}" has`;
    const what = empty.length > 0 ? "properties" : "keywords";
    const names = empty.length > 0 ? empty : keywords;
    report(
      place,
      `${where} the ${what} ${listOf(names)} with null for a schema; a table has filled them in, drop them.`,
      {
        severity: "warning",
        data: { names },
      },
    );
  },
};

type Faults = readonly { kind: string; path: readonly (string | number)[] }[];

/** Arguments that the tool does not have and that are null. */
export function foreignNulls(faults: Faults, values: Readonly<Record<string, unknown>>): string[] {
  return faults.flatMap(({ kind, path: [name, ...below] }) =>
    kind === "unknown" && below.length === 0 && typeof name === "string" && values[name] === null ? [name] : [],
  );
}

const LISTED = 5;

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).map((name) => `"${plain(name)}"`);
  return names.length > LISTED ? `${shown.join(", ")} and ${names.length - LISTED} more` : shown.join(", ");
}
