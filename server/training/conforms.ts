/** Run-time checks of what crosses a process, against the schemas of schemas/. Compiled once for each schema. */
import type { Static, TSchema } from "@sinclair/typebox";
import { Ajv, type ValidateFunction } from "ajv";

const ajv = new Ajv({ strict: false });
const compiled = new WeakMap<TSchema, ValidateFunction>();

function validatorOf(schema: TSchema): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const validate = ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
}

export function conforms<T extends TSchema>(schema: T, value: unknown): value is Static<T> {
  return validatorOf(schema)(value);
}

/** The first fault in a few words; empty where there is none. */
export function faultOf(schema: TSchema, value: unknown): string {
  const validate = validatorOf(schema);
  if (validate(value)) return "";
  const error = validate.errors?.[0];
  return error ? `${error.instancePath || "the message"} ${error.message ?? "is wrong"}` : "the message is wrong";
}
