/** What is wrong or unwise in a schema, as plain data for the rules of the editor. */
import type { Dialect } from "../dialects.ts";

/** Kinds of findings. The first group is not enforced by validation; the second is, and still a mistake. */
export type FindingKind =
  | "not-a-schema"
  | "malformed-keyword"
  | "required-boolean"
  | "required-inside-properties"
  | "pattern-syntax"
  | "pattern-unsupported"
  | "reference-unresolved"
  | "reference-remote"
  | "reference-loop"
  | "too-deep"
  | "unknown-draft"
  | "misspelt-keyword"
  | "property-without-type"
  | "enum-duplicate"
  | "enum-empty"
  | "bounds-contradict";

export interface SchemaFinding {
  kind: FindingKind;
  /** The keyword, or the member of it, that the finding is about; an absent keyword is named by its schema. */
  schemaPath: (string | number)[];
  keyword: string;
  message: string;
  /** What a fix needs: `suggestion`, … */
  params: Record<string, unknown>;
}

/** One schema of a document, seen by the rules. */
export interface SchemaHere {
  schema: Readonly<Record<string, unknown>>;
  path: readonly (string | number)[];
  dialect: Dialect;
  /** The keyword that holds it; undefined for the root. */
  heldBy: string | undefined;
}

export type FindingRule = (here: SchemaHere) => Iterable<SchemaFinding>;

/** A finding at a step below a schema. */
export function finding(
  here: SchemaHere,
  kind: FindingKind,
  steps: readonly (string | number)[],
  message: string,
  params: Record<string, unknown> = {},
): SchemaFinding {
  return { kind, schemaPath: [...here.path, ...steps], keyword: String(steps[0] ?? ""), message, params };
}
