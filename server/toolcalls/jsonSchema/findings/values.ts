/** Values written in a schema that do not fit the schema around them: default, enum. */
import { canonicalOfConstant } from "../canonical.ts";
import { compileSchema } from "../compileSchema.ts";
import type { SchemaError } from "../schemaError.ts";
import { describeValue, quote } from "../words.ts";
import { type FindingRule, finding, type SchemaHere } from "./finding.ts";
import { accepts, holdsType } from "./types.ts";

/** What `type` (and `enum`, where it is named) of a schema say against a value. The rest needs more than the schema. */
function against(here: SchemaHere, value: unknown, keywords: readonly string[]): SchemaError | undefined {
  const part = Object.fromEntries(
    keywords.filter((name) => Object.hasOwn(here.schema, name)).map((name) => [name, here.schema[name]]),
  );
  return compileSchema(part, { draft: here.dialect.draft }).validator?.(value)[0];
}

export const defaultRule: FindingRule = function* (here) {
  if (!Object.hasOwn(here.schema, "default")) return;
  const { default: value } = here.schema;
  const type = against(here, value, ["type"]);
  if (type !== undefined) {
    const why = type.message.replace(/^Must be/, "must be");
    if (value === null) {
      const mend = 'allow "null" beside the type, or leave the default out';
      yield finding(here, "default-null", ["default"], `The default ${why.slice(0, -1)}; ${mend}.`, type.params);
    } else yield finding(here, "default-type", ["default"], `The default ${why}`, type.params);
  }
  const listed = against(here, value, ["enum"]);
  if (listed !== undefined) {
    const message = `The default ${listed.message.replace(/^Must be/, "must be")}`;
    yield finding(here, "default-not-in-enum", ["default"], message, listed.params);
  }
};

/** Beyond this, the values of an enum are not looked at one by one: a list that long was made by a program. */
const MAX_VALUES = 2_000;

export const enumRule: FindingRule = function* (here) {
  const { enum: values } = here.schema;
  if (!Array.isArray(values)) return;
  if (values.length === 0) {
    yield finding(here, "enum-empty", ["enum"], "The enum is empty, so no value can satisfy it.");
    return;
  }
  if (holdsType(here, "array") && !values.some(Array.isArray)) {
    const message = 'The enum stands on the array, so no array can satisfy it; move it into "items".';
    yield finding(here, "enum-on-array", ["enum"], message);
    return;
  }
  const seen = new Map<string, number>();
  for (const [index, value] of values.slice(0, MAX_VALUES).entries()) {
    const type = accepts(here, value) ? undefined : against(here, value, ["type"]);
    if (type !== undefined) {
      const message = `This value of the enum ${type.message.replace(/^Must be/, "must be")}`;
      yield finding(here, "enum-value-type", ["enum", index], message, type.params);
    }
    const text = canonicalOfConstant(value);
    if (text === undefined) continue;
    const first = seen.get(text);
    if (first === undefined) seen.set(text, index);
    else {
      const shown = typeof value === "object" && value !== null ? describeValue(value) : quote(value);
      yield finding(here, "enum-duplicate", ["enum", index], `The enum lists ${shown} twice.`, { first });
    }
  }
};
