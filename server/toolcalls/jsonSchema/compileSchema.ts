/**
 * Validation of values against the parameter schemas of tools, which anyone may have written.
 *
 * Schemas are interpreted: no text of theirs becomes code, and one that is used once costs no code generation, which
 * takes longer than reading a whole record (rows of some data sets each bring tools of their own). Work is counted, not timed, so a verdict is the same on every
 * machine. Whatever is wrong in a schema is reported, holds for every value, and leaves the rest in force.
 */
import { hash } from "node:crypto";
import { isJsonObject } from "../json.ts";
import { Compiler } from "./compiler.ts";
import { type Draft, dialects } from "./dialects.ts";
import { keywordsOf } from "./keywords/vocabularies.ts";
import { evaluate, type Node } from "./node.ts";
import { identifier, Resources } from "./resources.ts";
import { OutOfBudget, Run } from "./run.ts";
import type { SchemaError } from "./schemaError.ts";
import { ANONYMOUS, resolveUri } from "./uris.ts";
import { describeValue } from "./words.ts";

export type { SchemaError } from "./schemaError.ts";

export interface CompileOptions {
  /** The draft of a schema without `$schema`. Default 2020-12. */
  draft?: Draft;
  /** Most steps of matching patterns for one value, in instructions × characters. */
  patternBudget?: number;
  /** Most steps of validating one value: schemas applied, properties and items looked at. */
  stepBudget?: number;
  /** Whether `format` is checked. Default false: the drafts take it as a remark. */
  formats?: boolean;
  /** Other documents that references may name, by URI without fragment. Nothing is fetched. */
  documents?: ReadonlyMap<string, unknown>;
}

export interface CompiledSchema {
  /** The faults of a value, at most 100, in the order of the schema; undefined where there is no schema to speak of. */
  validator?: (value: unknown) => SchemaError[];
  /** What is wrong in the schema itself and therefore not enforced; `instancePath` is empty. */
  schemaErrors: SchemaError[];
}

/** Each is spent within 0.2 s by the dearest schemas known; a pattern of ten instructions may see 200,000 characters. */
const STEP_BUDGET = 500_000;
const PATTERN_BUDGET = 2_000_000;

/** Schemas kept, and characters of their JSON altogether. */
const MAX_CACHED = 5_000;
const MAX_CACHED_CHARACTERS = 16_000_000;
/** Larger ones are not worth their memory. */
const MAX_CACHED_SCHEMA = 200_000;

const cache = new Map<string, { compiled: CompiledSchema; characters: number }>();
let cachedCharacters = 0;

/**
 * Makes a schema ready. Never throws. Equal schemas share one result, found by a hash of their JSON, so that it does not
 * matter whether a caller keeps the object.
 */
export function compileSchema(schema: unknown, options: CompileOptions = {}): CompiledSchema {
  const text = options.documents === undefined ? jsonOf(schema) : undefined;
  if (text === undefined || text.length > MAX_CACHED_SCHEMA) return compile(schema, options, true);
  const { draft, patternBudget, stepBudget, formats } = options;
  const key = hash("sha256", `${draft} ${patternBudget} ${stepBudget} ${formats} ${text}`, "base64");
  const known = cache.get(key);
  if (known !== undefined) {
    // The map's order is the order of use: the first entry is the one unused for longest.
    cache.delete(key);
    cache.set(key, known);
    return known.compiled;
  }
  // Most schemas of tools have no keyword with a dollar sign, hence no names to look for.
  const compiled = compile(schema, options, text.includes('"$'));
  remember(key, { compiled, characters: text.length });
  return compiled;
}

function remember(key: string, entry: { compiled: CompiledSchema; characters: number }): void {
  cache.set(key, entry);
  cachedCharacters += entry.characters;
  for (const [oldest, { characters }] of cache) {
    if (cache.size <= MAX_CACHED && cachedCharacters <= MAX_CACHED_CHARACTERS) return;
    cache.delete(oldest);
    cachedCharacters -= characters;
  }
}

/** Undefined for what has no JSON: circles, bigints, nesting beyond the stack. */
function jsonOf(schema: unknown): string | undefined {
  try {
    return JSON.stringify(schema);
  } catch {
    return undefined;
  }
}

function compile(schema: unknown, options: CompileOptions, named: boolean): CompiledSchema {
  if (typeof schema !== "boolean" && !isJsonObject(schema)) {
    const message = `A schema must be an object, true or false, not ${describeValue(schema)}.`;
    return { schemaErrors: [{ instancePath: [], schemaPath: [], keyword: "schema", message, params: {} }] };
  }
  const resources = new Resources(options.documents ?? new Map());
  const dialect = resources.dialectAt(schema, dialects[options.draft ?? "2020-12"]);
  const id = isJsonObject(schema) ? identifier(schema, dialect) : undefined;
  const uri = (id === undefined ? undefined : resolveUri(id, ANONYMOUS)) ?? ANONYMOUS;
  const compiler = new Compiler(resources, { formats: options.formats ?? false, keywordsOf });
  const node = compiler.node(resources.add(schema, uri, [], dialect, named));
  compiler.finish();
  return { validator: (value) => validate(node, value, options), schemaErrors: compiler.errors };
}

function validate(node: Node, value: unknown, { stepBudget, patternBudget }: CompileOptions): SchemaError[] {
  const run = new Run(stepBudget ?? STEP_BUDGET, patternBudget ?? PATTERN_BUDGET);
  const errors: SchemaError[] = [];
  run.errors = errors;
  try {
    evaluate(node, value, run);
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error;
    errors.push({
      instancePath: [...run.path],
      schemaPath: [],
      keyword: "budget",
      message: "Checking this value against its schema takes too long, so the rest of it was not checked.",
      params: { resource: error.resource },
    });
  }
  return errors;
}
