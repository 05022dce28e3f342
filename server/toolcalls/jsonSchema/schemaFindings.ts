/**
 * What a schema alone shows to be wrong or unwise in it, whoever wrote it. What depends on the type names that people write
 * (defaults, values of enums, arrays without items) and on names of properties is left to those who know the tool.
 */
import { isJsonObject } from "../json.ts";
import { type CompileOptions, compileSchema } from "./compileSchema.ts";
import { type Dialect, dialectOf, dialects } from "./dialects.ts";
import {
  type FindingKind,
  type FindingRule,
  finding,
  type SchemaFinding,
  type SchemaHere,
} from "./findings/finding.ts";
import { boundsRule, misspeltRule, typeRule } from "./findings/shape.ts";
import { enumRule } from "./findings/values.ts";
import type { SchemaError } from "./schemaError.ts";
import { MAX_SCHEMA_DEPTH, subschemas } from "./subschemas.ts";

export type { FindingKind, SchemaFinding } from "./findings/finding.ts";

const RULES: readonly FindingRule[] = [typeRule, enumRule, boundsRule, misspeltRule];

/** More findings of one schema than anyone reads. */
const MAX_FINDINGS = 1_000;

/**
 * The findings of a schema: first what validation cannot enforce, then what it can. Never throws. Paths are steps from
 * the schema's root, so that a caller with the text can give each a range.
 */
export function schemaFindings(schema: unknown, options: CompileOptions = {}): SchemaFinding[] {
  const found = compileSchema(schema, options).schemaErrors.slice(0, MAX_FINDINGS).flatMap(asFinding);
  for (const here of schemasIn(schema, dialects[options.draft ?? "2020-12"], options.documents)) {
    for (const rule of RULES) {
      for (const one of rule(here)) {
        if (found.length >= MAX_FINDINGS) return found;
        found.push(one);
      }
    }
    found.push(...unknownDraft(here, options.documents));
  }
  return found;
}

/** Every schema of a document, the outer ones first. */
function* schemasIn(root: unknown, draft: Dialect, documents: CompileOptions["documents"]): Generator<SchemaHere> {
  const open: { schema: unknown; path: (string | number)[]; dialect: Dialect; heldBy?: string }[] = [
    { schema: root, path: [], dialect: draft },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { schema, path } = next;
    if (!isJsonObject(schema) || path.length > MAX_SCHEMA_DEPTH) continue;
    const named =
      typeof schema.$schema === "string" ? dialectOf(schema.$schema, (uri) => documents?.get(uri)) : undefined;
    const dialect = named ?? next.dialect;
    yield { schema, path, dialect, heldBy: next.heldBy };
    const inside = [...subschemas(schema, dialect)].reverse();
    for (const { schema: child, steps } of inside) {
      open.push({ schema: child, path: [...path, ...steps], dialect, heldBy: String(steps[0]) });
    }
  }
}

function unknownDraft(here: SchemaHere, documents: CompileOptions["documents"]): SchemaFinding[] {
  const { $schema } = here.schema;
  if (typeof $schema !== "string" || dialectOf($schema, (uri) => documents?.get(uri)) !== undefined) return [];
  const message = '"$schema" names no draft that is known; the schema is read as draft 2020-12 unless told otherwise.';
  return [finding(here, "unknown-draft", ["$schema"], message)];
}

/** What compiling reports, under the kind that a rule of the editor goes by. */
function asFinding({ schemaPath, keyword, message, params }: SchemaError): SchemaFinding | [] {
  if (keyword === "type" && typeof params.type === "string") return [];
  const at = { schemaPath, keyword, params };
  if (keyword === "schema" && schemaPath.at(-1) === "required" && schemaPath.at(-2) === "properties") {
    const moved =
      '"required" stands inside "properties", where it is taken for a property; move it beside "properties".';
    return { kind: "required-inside-properties", message: moved, ...at };
  }
  return { kind: kindOf(keyword, params), message, ...at };
}

function kindOf(keyword: string, params: Record<string, unknown>): FindingKind {
  switch (params.reason) {
    case "loop":
      return "reference-loop";
    case "remote":
      return "reference-remote";
    case "unresolved":
      return "reference-unresolved";
    case "syntax":
      return "pattern-syntax";
    case "unsupported":
      return "pattern-unsupported";
  }
  if (keyword === "required" && typeof params.actual === "boolean") return "required-boolean";
  if (keyword === "schema") return "not-a-schema";
  return keyword === "depth" ? "too-deep" : "malformed-keyword";
}
