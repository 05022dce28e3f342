/** What is known of the JSON text around the cursor, while it is being typed: the text, and a schema made of the tools in scope. */
import type { JSONSchema } from "vscode-json-languageservice";
import { Tool as CatalogTool } from "../../../schemas/tools.ts";
import { KEY, Ref } from "../../toolcalls/dialects/ref.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import type { ScopedTool, TextRange } from "../analysis/scope.ts";
import type { TextPosition } from "../records/lines.ts";
import type { Span } from "../records/locate.ts";
import { ComposedSchema } from "./composedSchema.ts";
import { inertSchema } from "./inertSchema.ts";
import { OpenRecord } from "./openRecord.ts";
import { RecordView } from "./recordView.ts";
import { levelOf, type TextLevel } from "./textLevel.ts";

export interface Typing {
  record: RecordView;
  level: TextLevel;
  /** Of the cursor, in the level's text. */
  offset: number;
  schema: JSONSchema;
  /** The tools' parameters, each with the uri by which the schema refers to it: its own `$ref`s stay its own. */
  tools: { uri: string; schema: JSONSchema }[];
  range(span: Span): TextRange;
}

/** Something said of one place. */
interface Site {
  ref: Ref;
  schema: JSONSchema;
}

const META_SCHEMA = "http://json-schema.org/draft-07/schema#";

export function typingAt(analysis: DocumentAnalysis, position: TextPosition): Typing | undefined {
  const found = OpenRecord.at(analysis, position);
  if (found === undefined) return undefined;
  const { record: open, offset } = found;
  const record = new RecordView(open.view.text, open.view.frame, { whileTyped: true });
  const tools = new Map<ScopedTool, string>();
  const sites = sitesOf(record, tools, analysis);
  let best: { level: TextLevel; at: number; key: string } | undefined;
  const composed = new Map<string, ComposedSchema>();
  for (const { ref, schema } of sites) {
    const place = levelOf(record.text, ref);
    if (place === undefined || place.key) continue;
    const { level, path } = place;
    const at = level.fromRecord(offset);
    if (at === undefined) continue;
    const key = String(level.toRecord(0));
    const known = composed.get(key) ?? new ComposedSchema();
    known.add(path, schema);
    composed.set(key, known);
    if (best === undefined || level.depth > best.level.depth) best = { level, at, key };
  }
  if (best === undefined) return undefined;
  return {
    record,
    level: best.level,
    offset: best.at,
    schema: composed.get(best.key)?.schema ?? {},
    tools: [...tools].map(([{ schema }, uri]) => ({ uri, schema: inertSchema(schema.schema) })),
    range: (span) => open.range(span),
  };
}

function sitesOf(record: RecordView, tools: Map<ScopedTool, string>, analysis: DocumentAnalysis): Site[] {
  const { dialect } = record.frame;
  const sites: Site[] = [{ ref: Ref.root, schema: recordSchema(record) }];
  for (const { sample } of record.samples()) {
    if (sample.offer.kind !== "named") continue;
    const known = analysis.surroundings.scopeOf({ ...sample, offer: { kind: "open" } }, record.frame.origin.file);
    sites.push({ ref: sample.ref.at("tools"), schema: { type: "array", items: named(known.names()) } });
  }
  for (const { call, sample } of record.calls()) {
    const scope = record.scopeOf(sample);
    const { nameRef, argumentsRef, form } = call;
    if (nameRef.step !== KEY && scope.known) sites.push({ ref: nameRef, schema: named(scope.names()) });
    const tool = scope.find(call.name);
    if (tool === undefined || call.alternatives === true || form === "absent") continue;
    // Python's arguments are no JSON that a schema could complete.
    if (argumentsRef.layout !== undefined) continue;
    const uri = tools.get(tool) ?? `toolexpander-tool://${tools.size}/parameters.json`;
    tools.set(tool, uri);
    sites.push({ ref: form === "not-json" ? argumentsRef.text() : argumentsRef, schema: { $ref: uri } });
  }
  for (const { parameters, schemaRef, ref } of record.tools()) {
    const place = schemaRef([]);
    if (isJsonObject(parameters) && place !== ref && dialect?.id !== "toolrl")
      sites.push({ ref: place, schema: { $ref: META_SCHEMA } });
  }
  return sites;
}

function recordSchema({ value, frame: { dialect } }: RecordView): JSONSchema {
  const isCatalog = dialect?.id === "openai" && isJsonObject(value) && "function" in value;
  const schema: unknown = dialect?.schemaOf?.(value) ?? (isCatalog ? CatalogTool : undefined);
  return isJsonObject(schema) ? schema : {};
}

const named = (names: string[]): JSONSchema => ({ type: "string", enum: names });
