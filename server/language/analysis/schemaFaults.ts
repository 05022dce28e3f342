/**
 * What is wrong in a tool's schema whatever its dialect: keywords that are malformed, misspelt, contradictory or lead nowhere.
 * Names of types, defaults and enums depend on the dialect; rules look at those themselves.
 */
import type { Tool } from "../../toolcalls/dialects/model.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { type FindingKind, type SchemaFinding, schemaFindings } from "../../toolcalls/jsonSchema/schemaFindings.ts";
import type { ReportOptions, RuleContext } from "../rules/rule.ts";
import { isPlainSchema } from "./plainSchema.ts";

const NONE: readonly SchemaFinding[] = [];

/** Of parameters that a record holds, shared by the rules that ask. */
const known = new WeakMap<object, readonly SchemaFinding[]>();

export function schemaFaults({ parameters }: Tool): readonly SchemaFinding[] {
  if (!isJsonObject(parameters)) return NONE;
  let found = known.get(parameters);
  if (found === undefined) {
    found = isPlainSchema(parameters) ? NONE : schemaFindings(parameters);
    known.set(parameters, found);
  }
  return found;
}

/** Reports the faults of some kinds, at the keyword that has to change. */
export function reportSchemaFaults(
  tool: Tool,
  kinds: Partial<Record<FindingKind, Pick<ReportOptions, "severity">>>,
  { report }: RuleContext,
): void {
  for (const { kind, schemaPath, message, params } of schemaFaults(tool)) {
    const options = kinds[kind];
    if (options === undefined) continue;
    const { suggestion } = params;
    report(tool.schemaRef(schemaPath), plain(message, 300), {
      ...options,
      ...(typeof suggestion === "string" ? { data: { suggestion } } : {}),
    });
  }
}
