/**
 * API-Bank: dialogues with one turn on each line, descriptions of APIs, and rows `{instruction, input, output}` whose output is
 * `API-Request: [Name(key='value')]`.
 */
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { jsonLines } from "./embeddedJson.ts";
import { readFlatParameters } from "./flatParameters.ts";
import { callLosses, dialogueLosses, rowLosses } from "./losses.ts";
import {
  type Call,
  callsOf,
  emptyReading,
  type Reading,
  type Role,
  type Sample,
  type Tool,
  type Turn,
} from "./model.ts";
import { pythonCall, readPythonCalls, unwritableNames } from "./pythonCalls.ts";
import { withRequired } from "./queryRows.ts";
import { type JsonObject, member, readCall, readTool, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { argumentsOf, ownTools } from "./writing.ts";

const REQUEST = "API-Request:";
const DESCRIPTIONS = "API descriptions:\n";

export const apiBank: Dialect = {
  id: "api-bank",
  title: "API-Bank",
  layout: "lines",
  habits: { "schema-type-name": "hint", "tool-name": "hint", "array-items": "hint" },

  detect(value) {
    if (!isJsonObject(value)) return 0;
    if (value.role === "API" && typeof value.api_name === "string") return 1;
    if ((value.role === "User" || value.role === "AI") && typeof value.text === "string") return 1;
    if (typeof value.name === "string" && isJsonObject(value.input_parameters)) return 1;
    return typeof value.instruction === "string" && answerOf(value)?.text.startsWith(REQUEST) ? 1 : 0;
  },

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    if (typeof value.role === "string") return { ...emptyReading(), samples: readTurn(value, root) };
    if (typeof value.instruction === "string") return readRow(value, value.instruction, root);
    const tool = readApi(value, root);
    return { ...emptyReading(), tools: tool?.name ? [tool] : [] };
  },

  writeTool: (tool) => ({ value: toolValue(tool), lost: toolLosses([tool]) }),
  writeCall: (call) => ({ value: callValue(call), lost: callLosses([call]) }),
  writeSample,
};

/** A line says too little to be told from a copy of it, so it asks no question. */
function readTurn(value: JsonObject, root: Ref): Sample[] {
  const sample = (turns: Turn[]): Sample => ({
    query: "",
    queryRef: root,
    offer: { kind: "open" },
    turns,
    demonstrations: [],
    ref: root,
  });
  const text = textMember(value, "text") ?? "";
  if (value.role === "User") return [sample([{ role: "user", text, calls: [], ref: root }])];
  if (value.role === "AI") return [sample([{ role: "assistant", text, calls: [], ref: root }])];
  if (value.role !== "API") return [];
  const call = readCall(value, root, { name: "api_name", arguments: "param_dict" });
  const result = value.result === undefined ? "" : JSON.stringify(value.result);
  const turns: Turn[] = [
    { role: "assistant", text: "", calls: [call], ref: root },
    { role: "tool", text: result, calls: [], name: call.name, ref: root.at("result") },
  ];
  return [sample(turns)];
}

/** The expected output stands beside a model's own, where there are both. */
function answerOf(value: JsonObject): { text: string; key: string } | undefined {
  for (const key of ["expected_output", "output"]) {
    const text = textMember(value, key);
    if (text !== undefined) return { text, key };
  }
  return undefined;
}

function readRow(value: JsonObject, instruction: string, root: Ref): Reading {
  const input = textMember(value, "input") ?? "";
  const answer = answerOf(value);
  const described = instruction.indexOf(DESCRIPTIONS);
  const place = root.at("instruction");
  const tools = described === -1 ? [] : jsonLines(instruction, described + DESCRIPTIONS.length);
  const found =
    answer === undefined
      ? { calls: [], unreadable: [] }
      : readPythonCalls(answer.text, root.at(answer.key), {
          from: answer.text.startsWith(REQUEST) ? REQUEST.length : 0,
        });
  const turns = dialogue(input, root.at("input"));
  const question = turns.find(({ role }) => role === "user");
  const sample: Sample = {
    query: question?.text ?? "",
    queryRef: question?.ref ?? root.at("input"),
    offer:
      described === -1
        ? { kind: "open" }
        : {
            kind: "own",
            tools: tools.flatMap(({ value: tool, from, to }) => readApi(tool, place.text(from, to)) ?? []),
          },
    turns,
    gold: found.calls,
    demonstrations: [],
    ref: root,
  };
  return { ...emptyReading(), samples: [sample], unreadable: found.unreadable };
}

/** `User: …` and `AI: …`, each up to the next; the line that asks for a request is no turn. */
function dialogue(text: string, ref: Ref): Turn[] {
  const turns: Turn[] = [];
  for (const match of text.matchAll(/^(User|AI): ?([^\n]*(?:\n(?!User:|AI:|API-Request:|Generate )[^\n]*)*)/gm)) {
    const spoken = (match[2] ?? "").trimEnd();
    const from = match.index + match[0].indexOf(match[2] ?? "", `${match[1]}:`.length);
    const role: Role = match[1] === "User" ? "user" : "assistant";
    turns.push({ role, text: spoken, calls: [], ref: ref.text(from, from + spoken.length) });
  }
  return turns;
}

/** Every parameter that an API documents has to be given. */
function readApi(value: unknown, ref: Ref): Tool | undefined {
  const key = member(value, "input_parameters") === undefined ? "parameters" : "input_parameters";
  const tool = readTool(value, ref, key);
  const flat = readFlatParameters(tool?.parameters);
  if (tool === undefined || flat === undefined) return tool;
  const names = Object.keys(isJsonObject(tool.parameters) ? tool.parameters : {});
  return {
    ...tool,
    parameters: withRequired(flat.schema, names),
    schemaRef: (path) => tool.schemaRef(flat.written(path)),
  };
}

function toolValue({ name, description = "", parameters }: Tool): unknown {
  const properties = member(parameters, "properties");
  return { name, description, ...(parameters === undefined ? {} : { input_parameters: properties ?? parameters }) };
}

function toolLosses(tools: readonly Tool[]): string[] {
  return tools.flatMap(({ name, parameters }) => {
    const properties = member(parameters, "properties");
    if (!isJsonObject(properties)) return [];
    const required = member(parameters, "required");
    const optional = Object.keys(properties).filter((key) => !(Array.isArray(required) && required.includes(key)));
    if (optional.length === 0) return [];
    return [`That these parameters of ${JSON.stringify(name)} are optional cannot be said: ${optional.join(", ")}.`];
  });
}

const callValue = (call: Call): JsonObject => ({ role: "API", api_name: call.name, param_dict: argumentsOf(call) });

/** A sample of one turn becomes a line of a dialogue, any other a row. */
function writeSample(sample: Sample): Written {
  const { turns, gold, offer } = sample;
  const [first, second] = turns;
  if (gold === undefined && offer.kind === "open" && first !== undefined) {
    const line = lineOf(first, second);
    if (line !== undefined && turns.length <= (first.calls.length > 0 ? 2 : 1))
      return { value: line, lost: callLosses(first.calls) };
  }
  const calls = callsOf(sample);
  const tools = ownTools(sample);
  const spoken = turns.filter(({ role, text }) => (role === "user" || role === "assistant") && text !== "");
  const question: Turn = { role: "user", text: sample.query, calls: [], ref: sample.queryRef };
  const asked = spoken.length === 0 ? [question] : spoken;
  const lines = asked.map(({ role, text }) => `${role === "user" ? "User" : "AI"}: ${text}`);
  const input = `${lines.join("\n")}\nGenerate API Request: `;
  return {
    value: {
      instruction: `Generate an API request in the format of [ApiName(key1='value1', key2='value2', ...)] based on the dialogue.\n\n${DESCRIPTIONS}${tools.map((tool) => JSON.stringify(toolValue(tool))).join("\n")}`,
      input,
      output: `${REQUEST} [${calls.map(pythonCall).join(", ")}]`,
    },
    lost: [
      ...rowLosses(sample, { tools: "instruction", turns: true }),
      ...(sample.id === undefined ? [] : ["The id of the record is left out."]),
      ...(turns.some(({ role }) => role === "tool") ? ["What the tools replied is left out."] : []),
      ...dialogueLosses(asked, dialogue(input, sample.ref)),
      ...toolLosses(tools),
      ...unwritableNames(calls),
    ],
  };
}

function lineOf(turn: Turn, next: Turn | undefined): JsonObject | undefined {
  const [call, ...more] = turn.calls;
  if (call === undefined) {
    if (turn.role === "user") return { role: "User", text: turn.text };
    return turn.role === "assistant" ? { role: "AI", text: turn.text } : undefined;
  }
  if (more.length > 0 || turn.text !== "" || (next !== undefined && next.role !== "tool")) return undefined;
  const line = callValue(call);
  return next === undefined ? line : { ...line, result: resultOf(next.text) };
}

/** As it was read: JSON where it is JSON. */
function resultOf(text: string): unknown {
  const [object] = jsonLines(text);
  return object !== undefined && object.to - object.from === text.length ? object.value : text;
}
