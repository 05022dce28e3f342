/** The outermost schema of a tool's parameters, which providers want to be a plain object. */
import type { Tool } from "../../toolcalls/dialects/model.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { showValue } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";

export interface RootFault {
  ref: Ref;
  /** What is there, as a part of a sentence. */
  what: string;
}

/** Keywords of `refused` that stand in the root, and a root that is no object. Parameters that are absent are no fault. */
export function rootFaults({ parameters, schemaRef }: Tool, refused: readonly string[]): RootFault[] {
  if (parameters === undefined || parameters === null) return [];
  if (!isJsonObject(parameters)) return [{ ref: schemaRef([]), what: "are no schema" }];
  const faults = refused
    .filter((keyword) => parameters[keyword] !== undefined)
    .map((keyword) => ({ ref: schemaRef([keyword]).key, what: `have \`${keyword}\` at the root` }));
  const { type } = parameters;
  if (type !== "object" && faults.length === 0) {
    const what = type === undefined ? "name no type" : `are of the type ${showValue(type)}`;
    faults.push({ ref: type === undefined ? schemaRef([]) : schemaRef(["type"]), what });
  }
  return faults;
}
