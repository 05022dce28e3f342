/** Where the arguments of a call depart from what its tool takes, and the sentence that says so. */
import { plain, showValue } from "./display.ts";
import { isJsonObject } from "./json.ts";
import type { SchemaError } from "./jsonSchema/compileSchema.ts";
import { endWithHint } from "./nearest.ts";
import type { ToolSchema } from "./toolSchema.ts";

export type ArgumentFault = {
  /** From the arguments object: of the value, of the argument that is unknown, or of the object that lacks one. */
  path: (string | number)[];
} /** @property absent names the object could still take, for a hint */ & (
  | { kind: "unknown"; name: string; absent: string[] }
  | { kind: "missing"; name: string }
  | { kind: "type"; expected: string[]; value: unknown }
  | { kind: "enum"; allowed: readonly unknown[]; value: unknown }
  /** Any other keyword of the schema. */
  | { kind: "constraint"; keyword: string; message: string; value: unknown }
);

/** None for arguments that the tool takes. */
export function argumentFaults(schema: ToolSchema, value: Readonly<Record<string, unknown>>): ArgumentFault[] {
  return [...unknownNames(schema, value), ...valueFaults(schema, value)];
}

/**
 * Arguments that the parameters do not name. JSON Schema allows them unless told otherwise, but no tool takes them: they are
 * misspelt, or belong to another tool.
 */
export function unknownNames(schema: ToolSchema, value: Readonly<Record<string, unknown>>): ArgumentFault[] {
  if (!namesAll(schema)) return [];
  const names = Object.keys(schema.properties ?? {});
  const absent = names.filter((name) => !Object.hasOwn(value, name));
  return Object.keys(value)
    .filter((name) => !names.includes(name))
    .map((name) => ({ kind: "unknown", name, absent, path: [name] }));
}

/** Whether an argument that the schema does not name is unknown, whatever `additionalProperties` says. */
const namesAll = (schema: ToolSchema): boolean => schema.properties !== undefined && !schema.open;

/** @param base path of the value from the arguments object */
export function valueFaults(
  schema: ToolSchema,
  value: unknown,
  base: readonly (string | number)[] = [],
): ArgumentFault[] {
  return schema.errors(value).flatMap((error): ArgumentFault[] => {
    const path = [...base, ...error.instancePath];
    const found = valueAt(value, error.instancePath);
    switch (error.keyword) {
      case "type":
        return [{ kind: "type", expected: listOf(error.params.type), value: found, path }];
      case "enum":
        // An enum that was meant for the items is the schema's fault, and reported there.
        if (Array.isArray(found) && !allowedOf(error).some(Array.isArray)) return [];
        return [{ kind: "enum", allowed: allowedOf(error), value: found, path }];
      case "const":
        return [{ kind: "enum", allowed: [error.params.allowedValue], value: found, path }];
      case "required":
        return [{ kind: "missing", name: String(error.params.missingProperty), path }];
      case "additionalProperties":
      case "unevaluatedProperties": {
        const { additionalProperty: name, suggestion } = error.params;
        if (typeof name !== "string") break;
        // Those of the outermost object were found by name.
        if (path.length === 1 && namesAll(schema)) return [];
        return [{ kind: "unknown", name, absent: typeof suggestion === "string" ? [suggestion] : [], path }];
      }
    }
    return [{ kind: "constraint", keyword: error.keyword, message: error.message, value: found, path }];
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

/** More values than these say nothing more to a reader. */
const SHOWN = 8;

/** What is wrong and what the tool takes instead, in one sentence. */
export function describeArgumentFault(tool: string, fault: ArgumentFault): string {
  const of = `of "${plain(tool)}"`;
  const name = plain(fault.path.join("."));
  switch (fault.kind) {
    case "unknown": {
      const hint = endWithHint(fault.name, fault.absent);
      return `"${plain(tool)}" has no parameter "${plain(fault.name)}"${within(fault.path.slice(0, -1))}${hint}`;
    }
    case "missing":
      return `The required argument "${plain(fault.name)}" ${of} is missing${within(fault.path)}.`;
    case "type":
      return `The argument "${name}" ${of} is ${showValue(fault.value)}, but the tool declares ${fault.expected.join(" or ")}.`;
    case "enum": {
      const list = fault.allowed.slice(0, SHOWN).map((value) => showValue(value));
      const more = fault.allowed.length > SHOWN ? ", …" : "";
      return `The argument "${name}" ${of} is ${showValue(fault.value)}, but it may only be ${list.join(", ")}${more}.`;
    }
    case "constraint": {
      const subject = fault.path.length === 0 ? `The arguments ${of} do` : `The argument "${name}" ${of} does`;
      return `${subject} not follow the tool's schema. ${plain(fault.message, 300)}`;
    }
  }
}

const within = (path: readonly (string | number)[]): string =>
  path.length === 0 ? "" : ` in "${plain(path.join("."))}"`;
