/** What a tool or a parameter is, where its name stands; else what the format says of a key. */
import { type Hover, MarkupKind } from "vscode-languageserver";
import { textMember } from "../../toolcalls/dialects/read.ts";
import { ToolSchema } from "../../toolcalls/toolSchema.ts";
import type { Session } from "../session.ts";
import { schemaAt } from "./fixes/argumentFixes.ts";
import type { HardCounts } from "./hardCounts.ts";
import { hoverIn } from "./jsonService.ts";
import { markdownCode, markdownJson, markdownText } from "./markdown.ts";
import type { Mention } from "./mentions.ts";
import { mentionUnder, type Place } from "./navigation.ts";
import type { OpenRecord } from "./openRecord.ts";
import { signatureOf } from "./signature.ts";
import { typingAt } from "./typing.ts";
import type { ToolUsage } from "./usage.ts";

export async function hover(
  session: Session,
  place: Place,
  { usage, hard }: { usage: ToolUsage; hard: HardCounts },
): Promise<Hover | undefined> {
  const found = mentionUnder(session, place);
  if (found === undefined) return ofFormat(session, place);
  const { record, mention } = found;
  const tool = toolOf(record, mention);
  if (tool === undefined) return undefined;
  const text =
    mention.parameter.length === 0
      ? [...toolText(mention, tool), ...countText(mention, usage, hard)]
      : parameterText(mention, tool.schema);
  return {
    contents: { kind: MarkupKind.Markdown, value: text.join("\n\n") },
    range: record.range(record.view.locate(mention.ref)),
  };
}

interface Described {
  description: string | undefined;
  schema: ToolSchema;
}

function toolOf({ view }: OpenRecord, { toolName }: Mention): Described | undefined {
  const own = view.reading.tools.find(({ name }) => name === toolName);
  if (own !== undefined) return { description: own.description, schema: ToolSchema.of(own.parameters) };
  for (const { sample } of view.samples()) {
    const scoped = view.scopeOf(sample).find(toolName);
    if (scoped !== undefined) return { description: scoped.tool.description, schema: scoped.schema };
  }
  return undefined;
}

function toolText({ toolName }: Mention, { description, schema }: Described): string[] {
  const { label } = signatureOf(toolName, schema);
  return [
    `\`\`\`typescript\n${label.replaceAll("```", "ˋˋˋ")}\n\`\`\``,
    ...(description === undefined ? [] : [markdownText(description)]),
    ...(schema.properties === undefined ? [] : [markdownJson(schema.schema)]),
  ];
}

function parameterText({ parameter, toolName }: Mention, schema: ToolSchema): string[] {
  const [first = ""] = parameter;
  const own = schemaAt(schema.schema, parameter);
  const needed = parameter.length === 1 && schema.required.includes(first) ? "required" : "optional";
  const description = textMember(own, "description");
  return [
    `${markdownCode(parameter.join("."))} of ${markdownCode(toolName)}${parameter.length === 1 ? `, ${needed}` : ""}`,
    ...(description === undefined ? [] : [markdownText(description)]),
    ...(own === undefined ? [] : [markdownJson(own)]),
  ];
}

function countText({ tool, toolName }: Mention, usage: ToolUsage, hard: HardCounts): string[] {
  const counts = usage.of(tool);
  const hardCount = hard.ofTool(toolName);
  const sentences = [
    ...(counts === undefined
      ? []
      : [`Called by ${plural(counts.demonstrations, "demonstration")} and ${plural(counts.samples, "sample")}.`]),
    ...(hardCount === undefined ? [] : [`Hard ${plural(hardCount, "time")} in the run ${markdownCode(hard.run)}.`]),
  ];
  return sentences.length > 0 ? [sentences.join(" ")] : [];
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

async function ofFormat(session: Session, { textDocument: { uri }, position }: Place): Promise<Hover | undefined> {
  const analysis = session.analysis(uri);
  const typing = analysis && typingAt(analysis, position);
  const found = typing && (await hoverIn(typing));
  if (typing === undefined || found === undefined) return undefined;
  const { hover: known, document } = found;
  if (known.range === undefined) return known;
  const { start, end } = known.range;
  const span = {
    start: typing.level.toRecord(document.offsetAt(start)),
    end: typing.level.toRecord(document.offsetAt(end)),
  };
  return { ...known, range: typing.range(span) };
}
