/** ToolACE: conversations whose system text lists the tools as JSON, and whose calls are `[Fn(a='x'), Fn2()]` in the assistant's text. */
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { embeddedJson } from "./embeddedJson.ts";
import { GENERATED_SCHEMAS } from "./habits.ts";
import { callLosses, rowLosses } from "./losses.ts";
import { type Call, emptyReading, type Reading, type Role, type Sample, type Tool, type Turn } from "./model.ts";
import { isCallList, pythonCall, readPythonCalls, unwritableNames } from "./pythonCalls.ts";
import { PythonBudget } from "./pythonSyntax.ts";
import { items, type JsonObject, readTool, readTools, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { ownTools } from "./writing.ts";

const SPEAKERS: Readonly<Record<string, Role>> = {
  assistant: "assistant",
  function: "tool",
  gpt: "assistant",
  human: "user",
  observation: "tool",
  system: "system",
  tool: "tool",
  user: "user",
};

/** How the system text introduces the tools, and how it shows the form of a call. */
const INTRODUCTION = "Here is a list of functions in JSON format that you can invoke:\n";
const CALL_FORM = /\[func(?:_name|tion_name)?1\(/;

export const toolace: Dialect = {
  id: "toolace",
  title: "ToolACE",
  layout: "array",
  habits: { ...GENERATED_SCHEMAS, "required-outside-parameters": "hint" },

  detect(value) {
    if (!isJsonObject(value) || !Array.isArray(value.conversations)) return 0;
    if (typeof value.system === "string" && CALL_FORM.test(value.system)) return 1;
    const calls = value.conversations.some((turn: unknown) => {
      return SPEAKERS[textMember(turn, "from") ?? ""] === "assistant" && isCallList(textMember(turn, "value") ?? "");
    });
    return calls ? 1 : 0;
  },

  read: (value, root) => (isJsonObject(value) ? readRow(value, root) : emptyReading()),

  writeTool: (tool) => ({ value: toolValue(tool), lost: [] }),
  writeCall: (call) => ({ value: `[${pythonCall(call)}]`, lost: [...callLosses([call]), ...unwritableNames([call])] }),
  writeSample,
};

function readRow(value: JsonObject, root: Ref): Reading {
  const unreadable: Reading["unreadable"] = [];
  const budget = new PythonBudget();
  const turns = items(value.conversations, root.at("conversations")).flatMap(({ item, ref }): Turn[] => {
    const speaker = textMember(item, "from") ?? "";
    const role = Object.hasOwn(SPEAKERS, speaker) ? SPEAKERS[speaker] : undefined;
    if (role === undefined) return [];
    const text = textMember(item, "value") ?? "";
    if (role !== "assistant" || !isCallList(text)) return [{ role, text, calls: [], ref }];
    const found = readPythonCalls(text, ref.at("value"), { budget });
    unreadable.push(...found.unreadable);
    return [{ role, text: "", calls: found.calls, ref }];
  });
  const question = turns.find(({ role }) => role === "user");
  const { system } = value;
  const asked: Turn[] =
    typeof system === "string" ? [{ role: "system", text: system, calls: [], ref: root.at("system") }] : [];
  const sample: Sample = {
    query: question?.text ?? "",
    queryRef: question?.ref.at("value") ?? root.at("conversations"),
    offer: offerOf(system, root.at("system")),
    turns: [...asked, ...turns],
    demonstrations: [],
    ref: root,
  };
  return { ...emptyReading(), samples: [sample], unreadable };
}

/** The first JSON list of objects in the system text. */
function offerOf(system: unknown, ref: Ref): Sample["offer"] {
  if (typeof system !== "string") return { kind: "open" };
  const start = /\[\s*(?:\{|\])/.exec(system.slice(0, MAX_PREAMBLE));
  const list = start === null ? undefined : embeddedJson(system, "[", start.index);
  if (list === undefined) return { kind: "open" };
  return { kind: "own", tools: readTools(list.value, ref.text(list.from, list.to), readTool) };
}

/** What stands before the tools is a few sentences. */
const MAX_PREAMBLE = 16_384;

function toolValue({ name, description = "", parameters }: Tool): unknown {
  return { name, description, ...(parameters === undefined ? {} : { parameters }) };
}

function writeSample(sample: Sample): Written {
  const from: Readonly<Record<Role, string>> = { system: "system", user: "user", assistant: "assistant", tool: "tool" };
  const { gold } = sample;
  const said = sample.turns.filter(({ role }) => role !== "system");
  const asked: Turn[] =
    said.length === 0 && sample.query !== ""
      ? [{ role: "user", text: sample.query, calls: [], ref: sample.queryRef }]
      : said;
  const turns =
    gold === undefined ? asked : [...asked, { role: "assistant" as const, text: "", calls: gold, ref: sample.ref }];
  const both = turns.some(({ text, calls }) => text !== "" && calls.length > 0);
  const calls: Call[] = turns.flatMap((turn) => turn.calls);
  return {
    value: {
      system: `${INTRODUCTION}${JSON.stringify(ownTools(sample).map(toolValue))}\nPut every call in the format of [func1(parameter=value), func2(parameter=value)], and write nothing else beside the calls.`,
      conversations: turns.map(({ role, text, calls: made }) => ({
        from: from[role],
        value: made.length > 0 ? `[${made.map(pythonCall).join(", ")}]` : text,
      })),
    },
    lost: [
      ...rowLosses(sample, { tools: "system", turns: true }),
      ...(sample.id === undefined ? [] : ["The id of the record is left out."]),
      ...(both ? ["What the assistant says beside its calls is left out."] : []),
      ...unwritableNames(calls),
    ],
  };
}
