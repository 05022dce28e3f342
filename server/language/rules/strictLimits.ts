import type { Tool } from "../../toolcalls/dialects/model.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { forEachSchema } from "../analysis/schemaNodes.ts";
import type { Rule } from "./rule.ts";

/** Of one schema. Characters are those of the names of properties and definitions, and of the values of enums and constants. */
const MOST = { properties: 5000, levels: 10, values: 1000, characters: 120_000 };
/** An enum of more texts than `values` has to keep to `characters` in all. */
const LARGE_ENUM = { values: 250, characters: 15_000 };

const nested = (depth: number): string =>
  depth === 0
    ? '{"type":"string"}'
    : `{"type":"object","properties":{"a":${nested(depth - 1)}},"required":["a"],"additionalProperties":false}`;

export const strictLimits: Rule = {
  id: "strict-limits",
  severity: "error",
  profiles: ["openai-strict"],
  title: "Schema larger than strict mode takes",
  documentation: {
    text: "A schema for OpenAI's strict mode may have 5,000 properties, 10 levels of objects, 1,000 enum values and 120,000 characters of names and values, and a single enum of more than 250 texts 15,000 characters. Split the tool, or say in the description what the enum lists.",
    bad: nested(11),
    good: nested(2),
  },
  tool(tool, { report }) {
    const size = sizeOf(tool);
    for (const [what, most] of Object.entries(MOST)) {
      const count = size[what as keyof typeof MOST];
      if (count > most)
        report(
          tool.nameRef,
          `"${plain(tool.name)}" has ${count} ${WORDS[what as keyof typeof MOST]}; strict mode takes ${most}.`,
        );
    }
  },
  schema({ schema, ref, name }, { report }) {
    if (!Array.isArray(schema.enum) || schema.enum.length <= LARGE_ENUM.values) return;
    const characters = lengthOf(schema.enum);
    if (characters > LARGE_ENUM.characters)
      report(
        ref("enum").key,
        `The enum of "${plain(name)}" has ${characters} characters; strict mode takes ${LARGE_ENUM.characters} of one with more than ${LARGE_ENUM.values} values.`,
      );
  },
};

const WORDS: Readonly<Record<keyof typeof MOST, string>> = {
  properties: "properties",
  levels: "levels of objects",
  values: "enum values",
  characters: "characters of names and values",
};

function sizeOf(tool: Tool): typeof MOST {
  const size = { properties: 0, levels: 0, values: 0, characters: 0 };
  forEachSchema(tool, ({ schema, path }) => {
    const names = [schema.properties, schema.$defs, schema.definitions].flatMap((map) =>
      isJsonObject(map) ? Object.keys(map) : [],
    );
    if (isJsonObject(schema.properties)) size.properties += Object.keys(schema.properties).length;
    const values: readonly unknown[] = Array.isArray(schema.enum) ? schema.enum : [];
    size.values += values.length;
    size.characters += lengthOf(names) + lengthOf(values) + lengthOf([schema.const]);
    const above = path().filter((step, index, all) => step === "properties" && all[index - 1] !== "properties").length;
    if (isJsonObject(schema.properties)) size.levels = Math.max(size.levels, above + 1);
  });
  return size;
}

const lengthOf = (values: readonly unknown[]): number =>
  values.reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 0), 0);
