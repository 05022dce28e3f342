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
  parameters: plainly(withSortedRequired(parameters)),
});

/** As a file would give it back: plain objects, so that a key such as `__proto__` is a key. */
const plainly = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** An empty list of required parameters says what no list says, and the order says nothing. */
function withSortedRequired(parameters: unknown): unknown {
  if (!isJsonObject(parameters) || !Array.isArray(parameters.required)) return parameters;
  const { required, ...rest } = parameters;
  return Array.isArray(required) && required.length > 0 ? { ...rest, required: required.map(String).sort() } : rest;
}

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
