/** Checking a document against its schema, with the first fault in plain words. */
import type { Static, TSchema } from "@sinclair/typebox";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { InputError } from "../../schemas/problem.ts";
import { showValue } from "./display.ts";
import type { JsonDocument } from "./documents.ts";
import { isExactNumber } from "./json.ts";
import { endWithHint } from "./nearest.ts";

const validators = new WeakMap<TSchema, ValidateFunction>();

/**
 * The document's value, known to follow the schema.
 * @throws InputError for the first fault: unknown key, missing key, wrong type, out of range
 */
export function check<T>(schema: TSchema, document: JsonDocument): T {
  if (validatorOf(schema)(document.value)) return document.value as T;
  const fault = firstFault(faultsIn(schema, document.value), document);
  throw new InputError(fault.sentence, document.locate(fault.path));
}

function validatorOf(schema: TSchema): ValidateFunction {
  let validate = validators.get(schema);
  if (validate === undefined) {
    // One Ajv for each schema: they share $ids where one contains another. That the schemas of schemas/ are schemas is held
    // by a test; to compile the meta-schema and ask it takes three times as long as to compile one of them. Nor is the code
    // made shorter, which takes a third of the time and makes no document's check faster.
    const code = { optimize: false };
    validate = new Ajv({ allErrors: true, verbose: true, meta: false, validateSchema: false, code }).compile(schema);
    validators.set(schema, validate);
  }
  return validate;
}

export interface Fault {
  path: (string | number)[];
  sentence: string;
  /** The place is a key that should not be there. */
  unknownKey: boolean;
}

/** Every fault of a value, in no order. An alternative that was not meant says nothing of its own. */
export function faultsIn(schema: TSchema, value: unknown): Fault[] {
  const validate = validatorOf(schema);
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .filter(({ schemaPath }) => !/\/anyOf\/\d/.test(schemaPath))
    .map((error) => ({ ...faultOf(error, value), unknownKey: error.keyword === "additionalProperties" }));
}

/** Whether a value follows a schema of ours. */
export const follows = <T extends TSchema>(schema: T, value: unknown): value is Static<T> => validatorOf(schema)(value);

/** Unknown keys come first: a misspelt key is also a missing one, and the spelling is what to mend. Then document order. */
function firstFault(faults: readonly Fault[], document: JsonDocument): Omit<Fault, "unknownKey"> {
  const unknown = faults.filter(({ unknownKey }) => unknownKey);
  const [first, ...others] = (unknown.length > 0 ? unknown : faults).map((fault) => ({
    ...fault,
    place: document.locate(fault.path),
  }));
  if (first === undefined) return { path: [], sentence: "This does not follow the schema of the file." };
  return others.reduce((earliest, fault) => {
    const lines = (fault.place.line ?? 0) - (earliest.place.line ?? 0);
    const columns = (fault.place.column ?? 0) - (earliest.place.column ?? 0);
    return lines < 0 || (lines === 0 && columns < 0) ? fault : earliest;
  }, first);
}

function faultOf(error: ErrorObject, root: unknown): Omit<Fault, "unknownKey"> {
  const path = pathOf(error.instancePath, root);
  const { keyword, params } = error;
  if (keyword === "additionalProperties") {
    const key = String(params.additionalProperty);
    const known = Object.keys((error.parentSchema as TSchema).properties ?? {});
    const absent = known.filter((name) => !Object.hasOwn(error.data as object, name));
    return { path: [...path, key], sentence: `${showValue(key)} is not a known key here${endWithHint(key, absent)}` };
  }
  if (keyword === "required") return { path, sentence: `The key "${params.missingProperty}" is missing.` };
  return { path, sentence: `This must be ${expectation(error)}, but it is ${found(error.data)}.` };
}

/** What the schema asks for, as it stands after "This must be". */
function expectation({ keyword, params, schema, parentSchema }: ErrorObject): string {
  switch (keyword) {
    case "type":
      return TYPES[String(params.type)] ?? `of type ${params.type}`;
    case "enum":
      return oneOf(schema as unknown[]);
    case "const":
      return showValue(params.allowedValue);
    case "anyOf":
      return (
        (parentSchema as TSchema).title ?? oneOf((schema as TSchema[]).map((option) => option.const ?? option.type))
      );
    case "minimum":
      return `${params.limit} or more`;
    case "maximum":
      return `${params.limit} or less`;
    case "exclusiveMinimum":
      return `more than ${params.limit}`;
    case "exclusiveMaximum":
      return `less than ${params.limit}`;
    case "minLength":
      return "a text that is not empty";
    case "minItems":
      return "a list that is not empty";
    case "pattern":
      return (parentSchema as TSchema).title ?? `a text that matches ${(parentSchema as TSchema).pattern}`;
    default:
      return `what the schema asks for (${keyword})`;
  }
}

const TYPES: Record<string, string> = {
  object: "an object",
  array: "a list",
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
};

function oneOf(values: unknown[]): string {
  return values.length === 1 ? showValue(values[0]) : `one of ${values.map((value) => showValue(value)).join(", ")}`;
}

function found(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "string") return value === "" ? "an empty text" : `the text ${showValue(value)}`;
  if (typeof value === "object" && value !== null && !isExactNumber(value)) return "an object";
  return showValue(value);
}

/** The path an Ajv pointer names; its parts are list positions only where the value there is a list. */
function pathOf(pointer: string, root: unknown): (string | number)[] {
  let value = root;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      const step = Array.isArray(value) ? Number(name) : name;
      value = (value as Record<string | number, unknown>)[step];
      return step;
    });
}
