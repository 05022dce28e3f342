/** The keywords that each vocabulary brings. */
import type { KeywordCompiler } from "../compiler.ts";
import type { Dialect, Vocabulary } from "../dialects.ts";
import { arrayKeywords, draft07ArrayKeywords } from "./arrays.ts";
import { combinationKeywords } from "./combinations.ts";
import { conditionalKeywords } from "./conditions.ts";
import { dependentSchemaKeywords, draft07ObjectKeywords, objectKeywords } from "./objects.ts";
import { dependentKeywords, presenceKeywords } from "./presence.ts";
import { dynamicReferenceKeywords, referenceKeywords } from "./references.ts";
import { formatKeywords, scalarKeywords } from "./scalars.ts";
import { arraySizeKeywords, containsSizeKeywords, objectSizeKeywords } from "./sizes.ts";
import { typeKeywords } from "./types.ts";
import { unevaluatedKeywords } from "./unevaluated.ts";

type Keywords = Readonly<Record<string, KeywordCompiler>>;

const applicators: Keywords = { ...combinationKeywords, ...conditionalKeywords, ...objectKeywords };
const assertions: Keywords = {
  ...typeKeywords,
  ...scalarKeywords,
  ...arraySizeKeywords,
  ...objectSizeKeywords,
  ...presenceKeywords,
};

const VOCABULARIES: Readonly<Record<Vocabulary, Keywords>> = {
  core: { ...referenceKeywords, ...dynamicReferenceKeywords },
  applicator: { ...applicators, ...arrayKeywords, ...dependentSchemaKeywords },
  unevaluated: unevaluatedKeywords,
  validation: { ...assertions, ...containsSizeKeywords, ...dependentKeywords },
  "format-annotation": formatKeywords,
  "format-assertion": formatKeywords,
  "draft-07": {
    ...referenceKeywords,
    ...applicators,
    ...assertions,
    ...formatKeywords,
    ...draft07ArrayKeywords,
    ...draft07ObjectKeywords,
  },
};

const known = new WeakMap<Dialect, ReadonlyMap<string, KeywordCompiler>>();

export function keywordsOf(dialect: Dialect): ReadonlyMap<string, KeywordCompiler> {
  let keywords = known.get(dialect);
  if (keywords === undefined) {
    keywords = new Map(dialect.vocabularies.flatMap((name) => Object.entries(VOCABULARIES[name])));
    known.set(dialect, keywords);
  }
  return keywords;
}
