/** The drafts that are understood, and the vocabularies of each. Which keywords a vocabulary brings stands in `keywords/`. */
import { isJsonObject } from "../json.ts";

export type Draft = "2020-12" | "draft-07";

/** Those of 2020-12, by the last part of their URI, and draft-07's only one. */
export type Vocabulary =
  | "core"
  | "applicator"
  | "unevaluated"
  | "validation"
  | "format-annotation"
  | "format-assertion"
  | "draft-07";

export interface Dialect {
  draft: Draft;
  vocabularies: readonly Vocabulary[];
}

export const dialects: Record<Draft, Dialect> = {
  "2020-12": {
    draft: "2020-12",
    vocabularies: ["core", "applicator", "unevaluated", "validation", "format-annotation"],
  },
  "draft-07": { draft: "draft-07", vocabularies: ["draft-07"] },
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

const OPTIONAL: readonly Vocabulary[] = [
  "applicator",
  "unevaluated",
  "validation",
  "format-annotation",
  "format-assertion",
];

/** The dialect a `$schema` names: a draft, or a given metaschema with a `$vocabulary`; undefined for an unknown one. */
export function dialectOf($schema: string, document: (uri: string) => unknown = () => undefined): Dialect | undefined {
  const uri = $schema.replace(/#$/, "");
  const draft = BY_URI[uri.replace(/^https?:\/\//, "")];
  if (draft !== undefined) return dialects[draft];
  const metaschema = document(uri);
  if (!isJsonObject(metaschema)) return undefined;
  if (!isJsonObject(metaschema.$vocabulary)) return undefined;
  const named = new Set(Object.keys(metaschema.$vocabulary).map((vocabulary) => vocabulary.split("/").at(-1)));
  return { draft: "2020-12", vocabularies: ["core", ...OPTIONAL.filter((name) => named.has(name))] };
}
