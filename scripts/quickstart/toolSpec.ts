/** How a tool of the quickstart is written down: what it takes, and the sentences that ask for it. */
import type { Json, Kind } from "./values/kind.ts";

export type Parameter =
  | { form: "value"; name: string; kind: Kind; share: number }
  | { form: "list"; name: string; kind: Kind; from: number; to: number }
  | { form: "object"; name: string; fields: Parameter[] };

export interface ToolSpec {
  name: string;
  description: string;
  parameters: Parameter[];
  /** Sentences with `{parameter}` slots; `[parameter: text]` stands only where that optional parameter is given. */
  phrasings: string[];
  /** Sentences that only held-out rows use. */
  heldOut: string[];
  /** Sentences that ask for the tool a second time, after one of the above. */
  again: string[];
  heldOutAgain: string[];
}

export interface DomainSpec {
  name: string;
  tools: ToolSpec[];
}

export const value = (name: string, kind: Kind): Parameter => ({ form: "value", name, kind, share: 1 });

/** An optional parameter, given in this share of the calls. */
export const maybe = (name: string, kind: Kind, share = 0.4): Parameter => ({ form: "value", name, kind, share });

export const list = (name: string, kind: Kind, from: number, to: number): Parameter => ({
  form: "list",
  name,
  kind,
  from,
  to,
});

export const object = (name: string, ...fields: Parameter[]): Parameter => ({ form: "object", name, fields });

export const isOptional = (parameter: Parameter): boolean => parameter.form === "value" && parameter.share < 1;

/** The kinds of all values of a tool, nested ones included. */
export function kindsOf(parameters: readonly Parameter[]): Kind[] {
  return parameters.flatMap((parameter) =>
    parameter.form === "object" ? kindsOf(parameter.fields) : [parameter.kind],
  );
}

/** The kind of a tool's values that follows a convention; a tool has one at most. */
export function conventionOf(tool: ToolSpec): Kind | undefined {
  return kindsOf(tool.parameters).find((kind) => kind.variants.length > 1);
}

type Schema = { [key: string]: Json };

function schemaOf(parameter: Parameter): Schema {
  if (parameter.form === "object") return objectSchema(parameter.fields);
  return parameter.form === "list" ? { type: "array", items: parameter.kind.schema } : parameter.kind.schema;
}

export function objectSchema(parameters: readonly Parameter[]): Schema {
  return {
    type: "object",
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, schemaOf(parameter)])),
    required: parameters.filter((parameter) => !isOptional(parameter)).map(({ name }) => name),
  };
}
