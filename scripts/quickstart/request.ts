/** One request: a sentence of the user and the call that answers it. */
import type { ToolCall } from "../../schemas/samples.ts";
import type { Part } from "./partition.ts";
import { fill, type Phrasing } from "./phrasing.ts";
import type { Random } from "./random.ts";
import type { Parameter, ToolSpec } from "./toolSpec.ts";
import type { Json, Value } from "./values/kind.ts";

/** The variant each tool's convention takes in a row; the demonstrations shown with the row take the same. */
export type Conventions = (tool: ToolSpec) => string;

export interface Request {
  tool: ToolSpec;
  sentence: string;
  call: ToolCall;
  phrasing: string;
  /** `kind=text` of every free value it holds. */
  free: string[];
}

interface Drawing {
  said: Map<string, string>;
  free: string[];
  /** Variant name of the tool's convention; kinds without one know only `plain`. */
  variantOf(kind: Parameter & { form: "value" | "list" }): string;
}

const enumeration = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

function drawDifferent(random: Random, part: Part, parameter: Parameter & { form: "list" }): Value[] {
  const wanted = random.integer(parameter.from, parameter.to);
  const values = new Map<string, Value>();
  while (values.size < wanted) {
    const value = parameter.kind.draw(random, part);
    values.set(value.said, value);
  }
  return [...values.values()];
}

function drawArguments(
  random: Random,
  part: Part,
  parameters: readonly Parameter[],
  drawing: Drawing,
): Record<string, Json> {
  const result: Record<string, Json> = {};
  /** Two values of one kind in a call differ: nobody travels from Rome to Rome. */
  const seen = new Set<string>();
  for (const parameter of parameters) {
    if (parameter.form === "object") {
      result[parameter.name] = drawArguments(random, part, parameter.fields, drawing);
    } else if (parameter.form === "list") {
      const values = drawDifferent(random, part, parameter);
      result[parameter.name] = values.map((value) => value.written(drawing.variantOf(parameter)));
      drawing.said.set(parameter.name, enumeration(values.map((value) => value.said)));
      drawing.free.push(...values.flatMap((value) => value.free));
    } else if (random.chance(parameter.share)) {
      let value = parameter.kind.draw(random, part);
      while (value.said !== "" && parameter.kind.schema.type === "string" && seen.has(value.said)) {
        value = parameter.kind.draw(random, part);
      }
      seen.add(value.said);
      result[parameter.name] = value.written(drawing.variantOf(parameter));
      drawing.said.set(parameter.name, value.said);
      drawing.free.push(...value.free);
    }
  }
  return result;
}

export function drawRequest(
  random: Random,
  part: Part,
  tool: ToolSpec,
  phrasings: readonly Phrasing[],
  conventions: Conventions,
): Request {
  const convention = conventions(tool);
  const drawing: Drawing = {
    said: new Map(),
    free: [],
    variantOf: ({ kind }) => (kind.variants.length > 1 ? convention : (kind.variants[0] as string)),
  };
  const values = drawArguments(random, part, tool.parameters, drawing);
  const { id, template } = random.pick(phrasings);
  return {
    tool,
    sentence: fill(template, drawing.said),
    call: { name: tool.name, arguments: values },
    phrasing: id,
    free: drawing.free,
  };
}
