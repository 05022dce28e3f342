/** The parameters of a tool as something values can be checked against, compiled only when a value needs it. */

import { conforms } from "./conforms.ts";
import { standardSchema } from "./dialects/typeNames.ts";
import { isExactNumber, isJsonObject } from "./json.ts";
import { compileSchema, type SchemaError } from "./jsonSchema/compileSchema.ts";

/** Validators by schema text, the latest used kept: records that carry the same tools share them. */
const validators = new Map<string, (value: unknown) => SchemaError[]>();
const KEPT_VALIDATORS = 512;

export class ToolSchema {
  /** With JSON Schema's own type names. */
  readonly schema: unknown;
  /** Of the outermost object; undefined where it names none. */
  readonly properties: Readonly<Record<string, unknown>> | undefined;
  readonly required: readonly string[];
  /** Arguments that the schema does not name are allowed by it, in so many words. */
  readonly open: boolean;
  #text: string | undefined;

  private constructor(schema: unknown) {
    this.schema = schema;
    const object = isJsonObject(schema) ? schema : {};
    this.properties = isJsonObject(object.properties) ? object.properties : undefined;
    this.required = Array.isArray(object.required) ? object.required.filter((name) => typeof name === "string") : [];
    const composed = ["$ref", "allOf", "anyOf", "oneOf", "if", "patternProperties"].some(
      (keyword) => object[keyword] !== undefined,
    );
    const { additionalProperties } = object;
    this.open = composed || additionalProperties === true || isJsonObject(additionalProperties);
  }

  static of(parameters: unknown): ToolSchema {
    return new ToolSchema(standardSchema(parameters));
  }

  /** The schema of one parameter; undefined where the outermost object does not name it. */
  property(name: string): ToolSchema | undefined {
    const { properties } = this;
    return properties !== undefined && Object.hasOwn(properties, name) ? new ToolSchema(properties[name]) : undefined;
  }

  /** Where the value departs from the schema; nothing for a schema that is itself at fault. */
  errors(value: unknown): SchemaError[] {
    if (!isJsonObject(this.schema) || conforms(this.schema, value)) return [];
    return this.#validator()(asDoubles(value));
  }

  #validator(): (value: unknown) => SchemaError[] {
    this.#text ??= JSON.stringify(this.schema);
    const kept = validators.get(this.#text);
    validators.delete(this.#text);
    const validator = kept ?? compileSchema(this.schema).validator ?? (() => []);
    validators.set(this.#text, validator);
    if (validators.size > KEPT_VALIDATORS) validators.delete(validators.keys().next().value ?? "");
    return validator;
  }
}

/** Validators know only doubles; which of two neighbouring large integers it is does not matter to a schema. */
function asDoubles(value: unknown): unknown {
  if (isExactNumber(value)) return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(value.rawJSON)));
  if (Array.isArray(value)) return value.map(asDoubles);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asDoubles(item)]));
}
