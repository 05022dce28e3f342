/** Berkeley Function-Calling Leaderboard: question files with function docs, possible answers, and docs alone. */
import { isJsonObject } from "../json.ts";
import { identity } from "./conversation.ts";
import type { Dialect, Written } from "./dialect.ts";
import { GENERATED_SCHEMAS } from "./habits.ts";
import { readMessages } from "./messages.ts";
import { type Call, callsOf, emptyReading, type Reading, type Sample, type Tool, type Turn } from "./model.ts";
import { readPythonCalls } from "./pythonCalls.ts";
import { PythonBudget } from "./pythonSyntax.ts";
import { items, type JsonObject, member, readTool, readTools } from "./read.ts";
import type { Ref } from "./ref.ts";

export const bfcl: Dialect = {
  id: "bfcl",
  title: "BFCL questions and possible answers",
  layout: "lines",
  habits: { ...GENERATED_SCHEMAS, "schema-optional-keyword": "hint" },

  detect(value) {
    if (!isJsonObject(value)) return 0;
    // ACEBench has answers with milestones.
    if (typeof value.id === "string" && Array.isArray(value.ground_truth))
      return value.mile_stone === undefined ? 1 : 0;
    if (typeof value.id === "string" && Array.isArray(value.question)) return 1;
    return typeof value.name === "string" && member(value.parameters, "type") === "dict" ? 0.9 : 0;
  },

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    if (Array.isArray(value.ground_truth)) return readAnswer(value, root);
    if (Array.isArray(value.question)) return { ...emptyReading(), samples: [readQuestion(value, root)] };
    const tool = readTool(value, root);
    return { ...emptyReading(), tools: tool?.name ? [tool] : [] };
  },

  writeTool,
  writeCall: ({ name, arguments: values, alternatives: several }) => ({
    value: { [name]: several === true ? values : alternatives(values) },
    lost: [],
  }),
  writeSample,
};

/** `question` is a list of turns, each a list of messages. */
function readQuestion(value: JsonObject, root: Ref): Sample {
  const turns = items(value.question, root.at("question")).flatMap(({ item, ref }) => readMessages(item, ref, []));
  const first = turns.find(({ role }) => role === "user");
  return {
    ...identity(value, root),
    query: first?.text ?? "",
    queryRef: first?.ref.at("content") ?? root.at("question"),
    offer: Array.isArray(value.function)
      ? { kind: "own", tools: readTools(value.function, root.at("function"), readTool) }
      : { kind: "open" },
    turns,
    demonstrations: [],
    ref: root,
  };
}

/** Objects of allowed values, or Python calls, those of several turns in a list for each turn. */
function readAnswer(value: JsonObject, root: Ref): Reading {
  const unreadable: Reading["unreadable"] = [];
  const budget = new PythonBudget();
  const callsIn = (item: unknown, ref: Ref): Call[] => {
    if (Array.isArray(item)) return items(item, ref).flatMap(({ item: inner, ref: place }) => callsIn(inner, place));
    if (typeof item !== "string") return readAllowed(item, ref);
    const found = readPythonCalls(item, ref, { budget });
    unreadable.push(...found.unreadable);
    return found.calls;
  };
  const sample: Sample = {
    ...identity(value, root),
    query: "",
    queryRef: root,
    offer: { kind: "twin" },
    turns: [],
    gold: callsIn(value.ground_truth, root.at("ground_truth")),
    demonstrations: [],
    ref: root,
  };
  return { ...emptyReading(), samples: [sample], unreadable };
}

/** `{name: {parameter: [allowed, …]}}`. */
function readAllowed(value: unknown, ref: Ref): Call[] {
  if (!isJsonObject(value)) return [];
  return Object.entries(value).map(([name, values]) => ({
    name,
    nameRef: ref.at(name).key,
    arguments: isJsonObject(values) ? values : {},
    argumentsRef: ref.at(name),
    form: isJsonObject(values) ? "object" : "not-object",
    wanted: ["object"],
    alternatives: true,
    ref: ref.at(name),
  }));
}

/** Every type stays a JSON Schema type, which BFCL's checker also reads; only its root is always `dict`. */
function writeTool({ name, description, parameters }: Tool): Written {
  const value = {
    name,
    description: description ?? "",
    parameters: isJsonObject(parameters) ? { ...parameters, type: "dict" } : parameters,
  };
  return { value, lost: [] };
}

function alternatives(values: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, [isJsonObject(value) ? alternatives(value) : value]]),
  );
}

/** The question; its answer belongs into a file of its own. */
function writeSample(sample: Sample): Written {
  const lost = callsOf(sample).length > 0 ? ["Gold calls belong into a possible_answer file of their own."] : [];
  if (sample.offer.kind !== "own")
    lost.push("The tools are not in the record; put their definitions under `function`.");
  if (sample.demonstrations.length > 0) lost.push("Demonstrations are left out.");
  const message = ({ role, text }: Turn): unknown => ({ role, content: text });
  return {
    value: {
      id: sample.id ?? "",
      question: [sample.turns.filter(({ role }) => role === "user" || role === "system").map(message)],
      function: sample.offer.kind === "own" ? sample.offer.tools.map((tool) => writeTool(tool).value) : [],
    },
    lost,
  };
}
