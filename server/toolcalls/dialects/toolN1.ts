/** Tool-N1: `{tools, conversations, answer}`, the answer a list of calls, each part possibly JSON in a string. */
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { callLosses, rowLosses } from "./losses.ts";
import { callsOf, emptyReading, type Role, type Sample, type Tool, type Turn } from "./model.ts";
import { readChatTool, writeTool } from "./openai.ts";
import { decode, items, type JsonObject, readCall, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { speakerRole } from "./speakers.ts";
import { bareCall, ownTools } from "./writing.ts";

export const toolN1: Dialect = {
  id: "tool-n1",
  title: "Tool-N1",
  layout: "array",

  detect(value) {
    if (!isJsonObject(value) || !Array.isArray(value.conversations)) return 0;
    return Object.hasOwn(value, "answer") && Object.hasOwn(value, "tools") ? 1 : 0;
  },

  read(value, root) {
    return isJsonObject(value) ? { ...emptyReading(), samples: [readRow(value, root)] } : emptyReading();
  },

  writeTool: (tool) => ({ value: bareTool(tool), lost: [] }),
  writeCall: (call) => ({ value: bareCall(call), lost: callLosses([call]) }),
  writeSample,
};

function readRow(value: JsonObject, root: Ref): Sample {
  const tools = decode(value.tools, root.at("tools"));
  const answer = decode(value.answer, root.at("answer"));
  const turns = items(value.conversations, root.at("conversations")).flatMap(
    ({ item, ref }) => readTurn(item, ref) ?? [],
  );
  const question = turns.find(({ role }) => role === "user");
  return {
    query: question?.text ?? "",
    queryRef: question?.ref.at("value") ?? root.at("conversations"),
    offer: Array.isArray(tools.value)
      ? { kind: "own", tools: items(tools.value, tools.ref).flatMap(({ item, ref }) => readChatTool(item, ref) ?? []) }
      : { kind: "open" },
    turns,
    gold: items(answer.value, answer.ref).map(({ item, ref }) => readCall(item, ref)),
    demonstrations: [],
    ref: root,
  };
}

function readTurn(value: unknown, ref: Ref): Turn | undefined {
  const role = speakerRole(textMember(value, "from") ?? "");
  return role && { role, text: textMember(value, "value") ?? "", calls: [], ref };
}

function bareTool(tool: Tool): unknown {
  const { value } = writeTool(tool);
  return isJsonObject(value) ? value.function : value;
}

function writeSample(sample: Sample): Written {
  const from: Readonly<Record<Role, string>> = {
    system: "system",
    user: "human",
    assistant: "gpt",
    tool: "observation",
  };
  return {
    value: {
      tools: ownTools(sample).map(bareTool),
      conversations: sample.turns.map(({ role, text }) => ({ from: from[role], value: text })),
      answer: callsOf(sample).map(bareCall),
    },
    lost: rowLosses(sample, { tools: "tools", turns: true }),
  };
}
