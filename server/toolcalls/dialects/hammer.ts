/** Hammer: rows `{query, tools, answers}` with lists, and the prompts made of them, `{instruction, input, output}`. */
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { embeddedJson } from "./embeddedJson.ts";
import { flatLosses } from "./flatParameters.ts";
import { GENERATED_MAPS } from "./habits.ts";
import { callLosses, rowLosses } from "./losses.ts";
import { callsOf, emptyReading, type Reading, type Sample, type Tool } from "./model.ts";
import { readAnswer, readMapTool, readQueryRow } from "./queryRows.ts";
import { items, type JsonObject, member, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { bareCall, idMember, ownTools } from "./writing.ts";

const TOOLS_BEGIN = "[BEGIN OF AVAILABLE TOOLS]";

export const hammer: Dialect = {
  id: "hammer",
  title: "Hammer",
  layout: "array",
  habits: GENERATED_MAPS,

  detect(value) {
    if (!isJsonObject(value)) return 0;
    const { query, tools, answers, instruction } = value;
    if (Array.isArray(tools) && Array.isArray(answers))
      return typeof query === "string" || Array.isArray(query) ? 1 : 0;
    return typeof instruction === "string" && instruction.includes(TOOLS_BEGIN) ? 1 : 0;
  },

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    return value.instruction === undefined ? readQueryRow(value, root, (tool) => tool) : readPrompt(value, root);
  },

  writeTool: (tool) => ({ value: toolValue(tool), lost: flatLosses([tool]) }),
  writeCall: (call) => ({ value: bareCall(call), lost: callLosses([call]) }),
  writeSample,
};

/** Tools as JSON between two headings of the instruction, the calls as a fenced JSON list in the output. */
function readPrompt(value: JsonObject, root: Ref): Reading {
  const instruction = textMember(value, "instruction") ?? "";
  const output = textMember(value, "output") ?? "";
  const unreadable: Reading["unreadable"] = [];
  const embedded = (key: string, text: string, start: number): { item: unknown; ref: Ref }[] => {
    const found = embeddedJson(text, "[", start);
    const ref = root.at(key);
    if (found !== undefined) return items(found.value, ref.text(found.from, found.to));
    unreadable.push({ ref, sentence: `No JSON list stands in \`${key}\` where Hammer has one.` });
    return [];
  };
  const heading = instruction.indexOf(TOOLS_BEGIN);
  const tools = heading === -1 ? [] : embedded("instruction", instruction, heading + TOOLS_BEGIN.length);
  const query = queryOf(instruction);
  const queryRef = root.at("instruction").text(query.from, query.to);
  const text = instruction.slice(query.from, query.to);
  const sample: Sample = {
    query: text,
    queryRef,
    offer: { kind: "own", tools: tools.flatMap(({ item, ref }) => readMapTool(item, ref) ?? []) },
    turns: [{ role: "user", text, calls: [], ref: queryRef }],
    gold: embedded("output", output, 0).map(({ item, ref }) => readAnswer(item, ref)),
    demonstrations: [],
    ref: root,
  };
  return { ...emptyReading(), samples: [sample], unreadable };
}

/** What stands under the heading of the query, or all that follows the instructions. */
function queryOf(instruction: string): { from: number; to: number } {
  const match = /\[BEGIN OF QUERY\]([\s\S]*?)(?:\[END OF QUERY\]|$)/.exec(instruction);
  const end = "[END OF FORMAT INSTRUCTION]";
  const behind = instruction.lastIndexOf(end);
  const start = match === null ? behind + end.length : match.index + "[BEGIN OF QUERY]".length;
  const text = match?.[1] ?? (behind === -1 ? "" : instruction.slice(start));
  const from = start + text.length - text.trimStart().length;
  return { from, to: from + text.trim().length };
}

function toolValue({ name, description = "", parameters }: Tool): unknown {
  const required = member(parameters, "required");
  const properties = member(parameters, "properties");
  return {
    name,
    description,
    ...(parameters === undefined ? {} : { parameters: isJsonObject(properties) ? properties : parameters }),
    ...(Array.isArray(required) && isJsonObject(properties) ? { required } : {}),
  };
}

function writeSample(sample: Sample): Written {
  const { turns } = sample;
  const [only] = turns;
  const said = { system: "system", user: "user", assistant: "agent", tool: "tool" };
  const isQuestion = turns.length === 0 || (turns.length === 1 && only?.role === "user");
  return {
    value: {
      ...idMember(sample),
      query: isQuestion ? sample.query : turns.map(({ role, text }) => ({ role: said[role], content: text })),
      tools: ownTools(sample).map(toolValue),
      answers: callsOf(sample).map(bareCall),
    },
    lost: [...rowLosses(sample, { tools: "tools", turns: true }), ...flatLosses(ownTools(sample))],
  };
}
