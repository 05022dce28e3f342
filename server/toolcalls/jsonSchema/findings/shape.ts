/** Keywords that are misspelt, properties of which nothing is said, and bounds that exclude each other. */
import { nearest } from "../../nearest.ts";
import { keywordsOf } from "../keywords/vocabularies.ts";
import { compareNumbers, isJsonNumber } from "../numbers.ts";
import { quote } from "../words.ts";
import { type FindingRule, finding } from "./finding.ts";

/** Remarks, and what other vocabularies that tools use have added; none of them is a misspelling. */
const REMARKS = [
  ...[
    "$schema",
    "$id",
    "id",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveRef",
    "$recursiveAnchor",
    "$comment",
    "$vocabulary",
  ],
  ...["title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly", "nullable"],
  ...["contentEncoding", "contentMediaType", "contentSchema", "discriminator", "xml", "externalDocs", "optional"],
  ...["enumNames", "enumDescriptions", "markdownDescription", "propertyOrdering", "strict", "name", "parameters"],
  ...["dependencies", "additionalItems", "definitions", "$defs"],
];
const REMARK_SET = new Set(REMARKS);

/** Shorter words are near to too many others. */
const LEAST_LENGTH = 5;
const MAX_KEYWORDS = 100;

export const misspeltRule: FindingRule = function* (here) {
  const keywords = keywordsOf(here.dialect);
  for (const name of Object.keys(here.schema).slice(0, MAX_KEYWORDS)) {
    if (keywords.has(name) || REMARK_SET.has(name) || name.length < LEAST_LENGTH || name.startsWith("x-")) continue;
    const suggestion = nearest(name, [...keywords.keys(), ...REMARKS]);
    if (suggestion === undefined || Object.hasOwn(here.schema, suggestion)) continue;
    const message = `${quote(name)} is no keyword of JSON Schema, so it does nothing; did you mean ${quote(suggestion)}?`;
    yield finding(here, "misspelt-keyword", [name], message, { suggestion });
  }
};

const PAIRS = [
  ["minimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minProperties", "maxProperties"],
  ["minContains", "maxContains"],
] as const;

export const boundsRule: FindingRule = function* (here) {
  for (const [low, high] of PAIRS) {
    const least = here.schema[low];
    const most = here.schema[high];
    if (!isJsonNumber(least) || !isJsonNumber(most) || compareNumbers(least, most) <= 0) continue;
    const message = `"${low}" ${quote(least)} is above "${high}" ${quote(most)}, so no value can satisfy both.`;
    yield finding(here, "bounds-contradict", [low], message, { least, most });
  }
};

/** Keywords that say what a value is. */
const DESCRIBING = [
  ...["$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "type", "enum", "const", "not", "if", "properties", "items"],
];

export const typeRule: FindingRule = function* (here) {
  if (here.heldBy !== "properties" || DESCRIBING.some((name) => Object.hasOwn(here.schema, name))) return;
  const name = String(here.path.at(-1));
  yield finding(
    here,
    "property-without-type",
    [],
    `The property "${name.slice(0, 60)}" has no type, so any value fits it.`,
    {
      property: name,
    },
  );
};
