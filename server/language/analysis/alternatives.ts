/** Arguments of which each is a list of values any of which is right, at every depth: BFCL's possible answers. */
import { unknownNames, valueFaults } from "../../toolcalls/argumentFaults.ts";
import type { Call } from "../../toolcalls/dialects/model.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { ToolSchema } from "../../toolcalls/toolSchema.ts";
import { type PlacedFault, placed } from "./placedFault.ts";

/** The option that says that an argument may be left out. */
export const OMITTABLE = "";

export function alternativeFaults(call: Call, schema: ToolSchema): PlacedFault[] {
  const faults = unknownNames(schema, call.arguments).map((fault) => placed(fault, call.argumentsRef));
  for (const name of schema.required) {
    if (Object.hasOwn(call.arguments, name)) continue;
    faults.push({ kind: "missing", name, ref: call.argumentsRef, path: [] });
  }
  for (const [name, options] of Object.entries(call.arguments)) {
    const property = schema.property(name);
    if (property === undefined) continue;
    for (const fault of optionFaults(property, options, call.argumentsRef.at(name), [name])) faults.push(fault);
  }
  return faults;
}

function optionFaults(schema: ToolSchema, options: unknown, ref: Ref, path: (string | number)[]): PlacedFault[] {
  if (!Array.isArray(options)) return valuePlaced(schema, options, ref, path);
  return options.flatMap((option: unknown, index) => {
    if (option === OMITTABLE) return [];
    return oneOption(schema, option, ref.at(index), path);
  });
}

function oneOption(schema: ToolSchema, option: unknown, ref: Ref, path: (string | number)[]): PlacedFault[] {
  if (isJsonObject(option) && schema.properties !== undefined) {
    return Object.entries(option).flatMap(([name, inner]) => {
      const property = schema.property(name);
      return property === undefined ? [] : optionFaults(property, inner, ref.at(name), [...path, name]);
    });
  }
  const items = isJsonObject(schema.schema) ? schema.schema.items : undefined;
  if (Array.isArray(option) && isJsonObject(items) && option.some(isJsonObject)) {
    const each = ToolSchema.of(items);
    return option.flatMap((item: unknown, index) => oneOption(each, item, ref.at(index), path));
  }
  return valuePlaced(schema, option, ref, path);
}

const valuePlaced = (schema: ToolSchema, value: unknown, ref: Ref, path: (string | number)[]): PlacedFault[] =>
  valueFaults(schema, value, path).map((fault) => placed(fault, ref, path.length));
