/** The formats of this product (schemas/samples.ts): samples and demonstrations that name their tools; catalogs are OpenAI's. */
import { Demonstration, Sample as SampleSchema } from "../../../schemas/samples.ts";
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { callLosses } from "./losses.ts";
import { callsOf, emptyReading, type Sample, type Tool } from "./model.ts";
import { writeTool } from "./openai.ts";
import { items, member, readCall, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { bareCall } from "./writing.ts";

const KEYS: ReadonlySet<string> = new Set([
  "id",
  "query",
  "tools",
  "answer",
  "category",
  "style",
  "demonstrations",
  "completion",
]);

export const toolexpander: Dialect = {
  id: "toolexpander",
  title: "ToolExpander samples and demonstrations",
  layout: "lines",
  schemaOf: (value) => (member(value, "tools") === undefined ? Demonstration : SampleSchema),

  detect(value) {
    if (!isJsonObject(value) || !Array.isArray(value.answer) || !Object.hasOwn(value, "query")) return 0;
    const { tools } = value;
    if (tools !== undefined && !(Array.isArray(tools) && tools.every((tool) => typeof tool === "string"))) return 0;
    return Object.keys(value).every((key) => KEYS.has(key)) ? 1 : 0.6;
  },

  read(value, root) {
    const sample = readSample(value, root);
    if (sample === undefined) return emptyReading();
    const isSample = member(value, "tools") !== undefined;
    return { ...emptyReading(), ...(isSample ? { samples: [sample] } : { demonstrations: [sample] }) };
  },

  writeTool,
  writeCall: (call) => ({ value: bareCall(call), lost: callLosses([call]) }),
  writeSample,
};

function readSample(value: unknown, ref: Ref): Sample | undefined {
  if (!isJsonObject(value)) return undefined;
  const id = textMember(value, "id");
  const query = textMember(value, "query") ?? "";
  const names = items(value.tools, ref.at("tools")).flatMap(({ item, ref: place }) =>
    typeof item === "string" ? [{ name: item, ref: place }] : [],
  );
  const { category, style, completion } = value;
  return {
    ...(id === undefined ? {} : { id, idRef: ref.at("id") }),
    query,
    queryRef: ref.at("query"),
    offer: Array.isArray(value.tools) ? { kind: "named", names } : { kind: "open" },
    turns: [{ role: "user", text: query, calls: [], ref: ref.at("query") }],
    gold: items(value.answer, ref.at("answer")).map(({ item, ref: place }) => readCall(item, place)),
    demonstrations: items(value.demonstrations, ref.at("demonstrations")).flatMap(
      ({ item, ref: place }) => readSample(item, place) ?? [],
    ),
    extra: { category, style, completion },
    ref,
  };
}

function writeSample(sample: Sample): Written {
  const lost = callLosses([...callsOf(sample), ...sample.demonstrations.flatMap(callsOf)]);
  const turns = sample.turns.filter(({ role }) => role !== "user");
  if (turns.length > 0 && sample.gold !== undefined) lost.push("Turns other than the question are left out.");
  const { category, style, completion } = sample.extra ?? {};
  const value = {
    id: sample.id ?? "",
    query: sample.query,
    tools: toolNames(sample),
    answer: callsOf(sample).map(bareCall),
    ...(typeof category === "string" ? { category } : {}),
    ...(typeof style === "string" ? { style } : {}),
    ...(sample.demonstrations.length > 0 ? { demonstrations: sample.demonstrations.map(demonstrationValue) } : {}),
    ...(typeof completion === "string" ? { completion } : {}),
  };
  return { value, lost };
}

function toolNames({ offer }: Sample): string[] {
  if (offer.kind === "named") return offer.names.map(({ name }) => name);
  return offer.kind === "own" ? offer.tools.map(({ name }: Tool) => name) : [];
}

const demonstrationValue = (sample: Sample): unknown => ({
  id: sample.id ?? "",
  query: sample.query,
  answer: callsOf(sample).map(bareCall),
});
