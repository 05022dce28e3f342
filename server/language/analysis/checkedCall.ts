/** A call with its tool, and what is wrong with its arguments, found once for all rules that speak of arguments. */
import type { Call } from "../../toolcalls/dialects/model.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { SchemaError } from "../jsonSchema/compileSchema.ts";
import { alternativeFaults } from "./alternatives.ts";
import type { ScopedTool, ToolScope } from "./scope.ts";
import type { ToolSchema } from "./toolSchema.ts";

export type ArgumentFault = {
  /** Of the value, or of the object that lacks one. */
  ref: Ref;
  /** From the arguments object. */
  path: (string | number)[];
} & (
  | { kind: "unknown"; name: string; known: string[] }
  | { kind: "missing"; name: string }
  | { kind: "type"; expected: string[]; value: unknown }
  | { kind: "enum"; allowed: readonly unknown[]; value: unknown }
  /** Any other keyword of the schema. */
  | { kind: "constraint"; keyword: string; message: string; value: unknown }
);

export class CheckedCall {
  readonly call: Call;
  readonly scope: ToolScope;
  readonly tool: ScopedTool | undefined;
  #faults: ArgumentFault[] | undefined;

  constructor(call: Call, scope: ToolScope) {
    this.call = call;
    this.scope = scope;
    this.tool = scope.find(call.name);
  }

  /** None where the tool is unknown or the arguments could not be read. */
  get faults(): readonly ArgumentFault[] {
    this.#faults ??= this.#find();
    return this.#faults;
  }

  #find(): ArgumentFault[] {
    const { call, tool } = this;
    const unread = call.form === "absent" || call.form === "not-json" || call.form === "not-object";
    if (tool === undefined || call.wanted.length === 0 || (unread && call.form !== "absent")) return [];
    if (call.alternatives === true) return alternativeFaults(call, tool.schema);
    return argumentFaults(tool.schema, call.arguments, call.argumentsRef);
  }
}

/** Where an arguments object departs from a tool's parameters. */
export function argumentFaults(
  schema: ToolSchema,
  value: Readonly<Record<string, unknown>>,
  ref: Ref,
): ArgumentFault[] {
  return [...unknownNames(schema, value, ref), ...valueFaults(schema, value, ref, [])];
}

/**
 * Arguments that the parameters do not name. JSON Schema allows them unless told otherwise, but no tool takes them: they are
 * misspelt, or belong to another tool.
 */
export function unknownNames(schema: ToolSchema, value: Readonly<Record<string, unknown>>, ref: Ref): ArgumentFault[] {
  const { properties } = schema;
  if (properties === undefined || schema.open) return [];
  return Object.keys(value)
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => ({ kind: "unknown", name, known: Object.keys(properties), ref: ref.at(name), path: [name] }));
}

/** @param base path of the value from the arguments object */
export function valueFaults(schema: ToolSchema, value: unknown, ref: Ref, base: (string | number)[]): ArgumentFault[] {
  return schema.errors(value).flatMap((error): ArgumentFault[] => {
    const path = [...base, ...error.instancePath];
    const place = { ref: ref.at(...error.instancePath), path };
    const found = valueAt(value, error.instancePath);
    switch (error.keyword) {
      case "type":
        return [{ kind: "type", expected: listOf(error.params.type), value: found, ...place }];
      case "enum":
        // An enum that was meant for the items is the schema's fault, and reported there.
        if (Array.isArray(found) && !allowedOf(error).some(Array.isArray)) return [];
        return [{ kind: "enum", allowed: allowedOf(error), value: found, ...place }];
      case "const":
        return [{ kind: "enum", allowed: [error.params.allowedValue], value: found, ...place }];
      case "required": {
        const name = String(error.params.missingProperty);
        return [{ kind: "missing", name, ...place }];
      }
      case "additionalProperties":
      case "unevaluatedProperties": {
        const name = String(error.params.additionalProperty ?? error.params.unevaluatedProperty);
        // Those of the outermost object were found by name.
        if (path.length === 0 && schema.properties !== undefined && !schema.open) return [];
        return [{ kind: "unknown", name, known: [], ref: place.ref.at(name), path: [...path, name] }];
      }
      default:
        return [{ kind: "constraint", keyword: error.keyword, message: error.message, value: found, ...place }];
    }
  });
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

const allowedOf = ({ params }: SchemaError): readonly unknown[] =>
  Array.isArray(params.allowedValues) ? params.allowedValues : [];

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (Array.isArray(found)) found = found[Number(step)];
    else found = isJsonObject(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }
  return found;
}
