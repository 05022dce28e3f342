/** The drafts that are understood, and the keywords of each. */
import { isJsonObject } from "../json.ts";
import type { KeywordCompiler } from "./compiler.ts";
import { arrayKeywords, draft07ArrayKeywords } from "./keywords/arrays.ts";
import { combinationKeywords } from "./keywords/combinations.ts";
import { conditionalKeywords } from "./keywords/conditions.ts";
import { dependentSchemaKeywords, draft07ObjectKeywords, objectKeywords } from "./keywords/objects.ts";
import { dependentKeywords, presenceKeywords } from "./keywords/presence.ts";
import { dynamicReferenceKeywords, referenceKeywords } from "./keywords/references.ts";
import { formatKeywords, scalarKeywords } from "./keywords/scalars.ts";
import { arraySizeKeywords, containsSizeKeywords, objectSizeKeywords } from "./keywords/sizes.ts";
import { typeKeywords } from "./keywords/types.ts";
import { unevaluatedKeywords } from "./keywords/unevaluated.ts";

export type Draft = "2020-12" | "draft-07";

export interface Dialect {
  draft: Draft;
  keywords: ReadonlyMap<string, KeywordCompiler>;
}

type Keywords = Readonly<Record<string, KeywordCompiler>>;

const applicators: Keywords = { ...combinationKeywords, ...conditionalKeywords, ...objectKeywords };
const assertions: Keywords = {
  ...typeKeywords,
  ...scalarKeywords,
  ...arraySizeKeywords,
  ...objectSizeKeywords,
  ...presenceKeywords,
};

/** The keywords of 2020-12 by the vocabulary that brings them. */
const VOCABULARIES: Record<string, Keywords> = {
  core: { ...referenceKeywords, ...dynamicReferenceKeywords },
  applicator: { ...applicators, ...arrayKeywords, ...dependentSchemaKeywords },
  unevaluated: unevaluatedKeywords,
  validation: { ...assertions, ...containsSizeKeywords, ...dependentKeywords },
  "format-annotation": formatKeywords,
  "format-assertion": formatKeywords,
};

function dialect(draft: Draft, ...groups: (Keywords | undefined)[]): Dialect {
  return { draft, keywords: new Map(groups.flatMap((group) => Object.entries(group ?? {}))) };
}

export const dialects: Record<Draft, Dialect> = {
  "2020-12": dialect("2020-12", ...Object.values(VOCABULARIES)),
  "draft-07": dialect(
    "draft-07",
    referenceKeywords,
    applicators,
    assertions,
    formatKeywords,
    draft07ArrayKeywords,
    draft07ObjectKeywords,
  ),
};

/** Older drafts are read as the nearest one that is understood. */
const BY_URI: Record<string, Draft> = {
  "json-schema.org/draft/2020-12/schema": "2020-12",
  "json-schema.org/draft/2019-09/schema": "2020-12",
  "json-schema.org/draft-07/schema": "draft-07",
  "json-schema.org/draft-06/schema": "draft-07",
  "json-schema.org/draft-04/schema": "draft-07",
  "json-schema.org/schema": "2020-12",
};

/** The dialect a `$schema` names: a draft, or a given metaschema with a `$vocabulary`; undefined for an unknown one. */
export function dialectOf($schema: string, document: (uri: string) => unknown = () => undefined): Dialect | undefined {
  const uri = $schema.replace(/#$/, "");
  const draft = BY_URI[uri.replace(/^https?:\/\//, "")];
  if (draft !== undefined) return dialects[draft];
  const metaschema = document(uri);
  if (!isJsonObject(metaschema)) return undefined;
  if (!isJsonObject(metaschema.$vocabulary)) return undefined;
  const names = Object.keys(metaschema.$vocabulary).map((vocabulary) => vocabulary.split("/").at(-1) ?? "");
  return dialect("2020-12", VOCABULARIES.core, ...names.map((name) => VOCABULARIES[name]));
}
