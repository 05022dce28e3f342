/** ACEBench: questions with function docs, the dialogue in one text, and answers as an object of calls. */
import { isJsonObject } from "../json.ts";
import { identity } from "./conversation.ts";
import type { Dialect, Written } from "./dialect.ts";
import { GENERATED_MAPS } from "./habits.ts";
import { callLosses, dialogueLosses, rowLosses } from "./losses.ts";
import { type Call, emptyReading, type Reading, type Sample, type Tool, type Turn } from "./model.ts";
import { isCallList, pythonCall, readPythonCalls, unwritableNames } from "./pythonCalls.ts";
import { PythonBudget } from "./pythonSyntax.ts";
import { items, type JsonObject, member, readTool, readTools, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { argumentsOf, ownTools } from "./writing.ts";

export const acebench: Dialect = {
  id: "acebench",
  title: "ACEBench questions and possible answers",
  layout: "lines",
  habits: GENERATED_MAPS,

  detect(value) {
    if (!isJsonObject(value) || typeof value.id !== "string") return 0;
    if (typeof value.question === "string" && Array.isArray(value.function)) return 1;
    if (isJsonObject(value.ground_truth)) return 1;
    return Array.isArray(value.ground_truth) && Array.isArray(value.mile_stone) ? 1 : 0;
  },

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    if (value.ground_truth !== undefined) return { ...emptyReading(), samples: [readGold(value, root)] };
    return readQuestion(value, root);
  },

  writeTool: (tool) => ({ value: toolValue(tool), lost: [] }),
  writeCall: (call) => ({ value: { [call.name]: argumentsOf(call) }, lost: callLosses([call]) }),
  writeSample,
};

/** Parameters stand under `parameters` or under `arguments`. */
function readDoc(value: unknown, ref: Ref): Tool | undefined {
  return readTool(value, ref, member(value, "parameters") === undefined ? "arguments" : "parameters");
}

function readQuestion(value: JsonObject, root: Ref): Reading {
  const { turns, unreadable } = dialogue(textMember(value, "question") ?? "", root.at("question"));
  const first = turns.find(({ role }) => role === "user");
  const sample: Sample = {
    ...identity(value, root),
    query: first?.text ?? "",
    queryRef: first?.ref ?? root.at("question"),
    offer: Array.isArray(value.function)
      ? { kind: "own", tools: readTools(value.function, root.at("function"), readDoc) }
      : { kind: "open" },
    turns,
    demonstrations: [],
    ref: root,
  };
  return { ...emptyReading(), samples: [sample], unreadable };
}

/** `user: …` and `system: …`, the latter being the assistant and its calls; without them the whole is a question. */
function dialogue(text: string, ref: Ref): { turns: Turn[]; unreadable: Reading["unreadable"] } {
  const marks = [...text.matchAll(/^(user|system): ?/gm)];
  if (marks.length === 0) return { turns: [{ role: "user", text, calls: [], ref: ref.text(0) }], unreadable: [] };
  const unreadable: Reading["unreadable"] = [];
  const budget = new PythonBudget();
  const turns = marks.map((mark, index): Turn => {
    const from = mark.index + mark[0].length;
    const said = text.slice(from, marks[index + 1]?.index ?? text.length).trimEnd();
    const to = from + said.length;
    const place = ref.text(from, to);
    if (mark[1] === "user") return { role: "user", text: said, calls: [], ref: place };
    if (!isCallList(said)) return { role: "assistant", text: said, calls: [], ref: place };
    const found = readPythonCalls(text, ref, { from, to, budget });
    unreadable.push(...found.unreadable);
    return { role: "assistant", text: "", calls: found.calls, ref: place };
  });
  return { turns, unreadable };
}

/** An object of calls, or a list of such objects. */
function readGold(value: JsonObject, root: Ref): Sample {
  const { ground_truth: gold } = value;
  const ref = root.at("ground_truth");
  const objects = isJsonObject(gold) ? [{ item: gold as unknown, ref }] : items(gold, ref);
  return {
    ...identity(value, root),
    query: "",
    queryRef: root,
    offer: { kind: "twin" },
    turns: [],
    gold: objects.flatMap(({ item, ref: place }) => (isJsonObject(item) ? callsIn(item, place) : [])),
    demonstrations: [],
    ref: root,
  };
}

/** Keys are unique, so that repeated calls are told apart by a number: `book`, `book_1`. */
function callsIn(object: JsonObject, ref: Ref): Call[] {
  const keys = Object.keys(object);
  const bases = new Map<string, number>();
  for (const key of keys) bases.set(baseOf(key), (bases.get(baseOf(key)) ?? 0) + 1);
  return keys.map((key) => {
    const values = object[key];
    return {
      name: (bases.get(baseOf(key)) ?? 0) > 1 ? baseOf(key) : key,
      nameRef: ref.at(key).key,
      arguments: isJsonObject(values) ? values : {},
      argumentsRef: ref.at(key),
      form: isJsonObject(values) ? "object" : "not-object",
      wanted: ["object"],
      ref: ref.at(key),
    };
  });
}

const baseOf = (key: string): string => key.replace(/_\d+$/, "");

function toolValue({ name, description = "", parameters }: Tool): unknown {
  return { name, description, ...(parameters === undefined ? {} : { parameters }) };
}

/** The question; its answer belongs into a file of its own. */
function writeSample(sample: Sample): Written {
  const said = sample.turns.filter(({ role }) => role === "user" || role === "assistant");
  const lines = said.map(({ role, text, calls }) =>
    role === "user" ? `user: ${text}` : `system: ${calls.length > 0 ? `[${calls.map(pythonCall).join(", ")}]` : text}`,
  );
  const gold = sample.gold ?? [];
  const question = said.length === 0 ? sample.query : `${lines.join("\n")}\n`;
  return {
    value: {
      id: sample.id ?? "",
      question,
      function: ownTools(sample).map(toolValue),
    },
    lost: [
      ...rowLosses(sample, { tools: "function", turns: true }),
      ...(said.length === 0 ? [] : dialogueLosses(said, dialogue(question, sample.ref).turns)),
      ...(gold.length > 0 ? ["Gold calls belong into a possible_answer file of their own."] : []),
      ...(said.length < sample.turns.length ? ["Turns of the system and of tools are left out."] : []),
      ...(said.some(({ text, calls }) => text !== "" && calls.length > 0)
        ? ["What the assistant says beside its calls is left out."]
        : []),
      ...unwritableNames(said.flatMap(({ calls }) => calls)),
    ],
  };
}
