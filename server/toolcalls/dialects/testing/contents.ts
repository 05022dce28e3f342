/** What a reading says, apart from the places where it says it. */
import { isJsonObject } from "../../json.ts";
import type { Call, Reading, Sample, Tool } from "../model.ts";
import type { Ref } from "../ref.ts";

export interface Contents {
  tools: { name: string; description: string; parameters: unknown }[];
  samples: { query: string; tools: Contents["tools"]; calls: { name: string; arguments: unknown }[] }[];
}

export const contents = ({ tools, samples }: Reading): Contents => ({
  tools: tools.map(toolContents),
  samples: samples.map(sampleContents),
});

export function sampleContents({ query, offer, turns, gold = [] }: Sample): Contents["samples"][number] {
  return {
    query,
    tools: offer.kind === "own" ? offer.tools.map(toolContents) : [],
    calls: [...turns.flatMap(({ calls }) => calls), ...gold].map(callContents),
  };
}

export const toolContents = ({ name, description = "", parameters }: Tool): Contents["tools"][number] => ({
  name,
  description: description.trim(),
  parameters: plainly(comparable(parameters)),
});

/** As a file would give it back: plain objects, so that a key such as `__proto__` is a key. */
const plainly = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/**
 * An empty list of required parameters says what no list says, the order says nothing, and a type's `, optional` says once more that
 * the parameter is not in the list.
 */
function comparable(parameters: unknown): unknown {
  if (!isJsonObject(parameters)) return parameters;
  const { required, properties, ...rest } = parameters;
  return {
    ...rest,
    ...(isJsonObject(properties) ? { properties: mapValues(properties, withoutMark) } : { properties }),
    ...(Array.isArray(required) && required.length > 0 ? { required: required.map(String).sort() } : {}),
  };
}

const mapValues = (object: object, change: (value: unknown) => unknown): unknown =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

const withoutMark = (schema: unknown): unknown =>
  isJsonObject(schema) && typeof schema.type === "string"
    ? { ...schema, type: schema.type.replace(/, optional$/, "") }
    : schema;

export const callContents = ({ name, arguments: values }: Call): { name: string; arguments: unknown } => ({
  name,
  arguments: plainly(values),
});

/**
 * What stands at a place of a record: the value, or the text where it is a part of a string. Follows every step, so that a place that
 * leads nowhere gives undefined.
 */
export function standsAt(record: unknown, ref: Ref): unknown {
  let found = record;
  let isText = false;
  for (const step of ref.steps()) {
    if (isText) [found, isText] = [JSON.parse(String(found)), false];
    if (typeof step === "symbol") return ref.parent?.step;
    if (typeof step === "object") [found, isText] = [String(found).slice(step.from, step.to), true];
    else if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    else found = Reflect.get(found, step);
  }
  return found;
}
