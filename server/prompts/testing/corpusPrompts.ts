/** Records of the corpus as messages and tools: what scripts/golden/corpus_prompts.py does, on the values that Python would read. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { loads } from "../../toolcalls/python/json.ts";
import { isDict, type PythonDict, type PythonValue } from "../../toolcalls/python/value.ts";

export interface Conversation {
  messages: PythonValue[];
  tools: PythonValue[];
}

const QUESTION = "Which of these would you use, and why?";

/** The records of a file: a list, JSON Lines, or one document. */
export function records(file: string): PythonValue[] {
  const text = readFileSync(file, "utf8");
  let value: PythonValue;
  try {
    value = loads(text);
  } catch {
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map(loads);
  }
  return Array.isArray(value) && path.basename(path.dirname(file)) !== "qwen-agent" ? value : [value];
}

export function conversation(corpus: string, set: string, record: PythonValue): Conversation {
  const messages = (key: string, read: (message: PythonDict) => PythonValue): PythonValue[] =>
    list(get(record, key)).map((one) => read(dict(one)));
  switch (set) {
    case "bfcl":
      return { messages: list(get(record, "question")).flatMap(list), tools: functions(get(record, "function") ?? []) };
    case "tau": {
      const tools = list(loads(readFileSync(path.join(corpus, "tau-bench/airline_tools.json"), "utf8")));
      return { messages: list(get(record, "traj")), tools };
    }
    case "glaive":
      return { messages: messages("conversations", glaive), tools: functions(loads(text(get(record, "tools")))) };
    case "reasoning":
      return { messages: messages("messages", reasoning), tools: functions(loads(text(get(record, "tools")))) };
    case "plain":
      return { messages: list(get(record, "messages") ?? get(record, "prompt")), tools: list(get(record, "tools")) };
    case "toolrl":
      return { messages: list(get(record, "prompt")), tools: [] };
    case "hammer": {
      const query = get(record, "query");
      const turns = Array.isArray(query)
        ? query.map((turn) => roleAs(dict(turn), "agent", "assistant"))
        : [message("user", query)];
      return { messages: turns, tools: functions(get(record, "tools")) };
    }
    case "swift":
      return { messages: messages("messages", swift), tools: list(loads(text(get(record, "tools")))) };
    default: {
      const tools = set === "mcp" ? get(get(record, "result"), "tools") : record;
      return { messages: [message("user", QUESTION)], tools: functions(tools) };
    }
  }
}

function functions(tools: PythonValue | undefined): PythonValue[] {
  return list(tools).map((tool) => (dict(tool).has("function") ? tool : of({ type: "function", function: tool })));
}

const message = (role: PythonValue | undefined, content: PythonValue | undefined): PythonDict =>
  of({ role: text(role), content: content ?? null });

const call = (json: string): PythonDict =>
  message("assistant", "").set("tool_calls", [of({ type: "function", function: loads(json) })]);

const roleAs = (turn: PythonDict, old: string, now: string): PythonDict =>
  new Map(turn).set("role", text(turn.get("role")).replace(old, now));

const GLAIVE_ROLES: Readonly<Record<string, string>> = { human: "user", gpt: "assistant", observation: "tool" };

function glaive(turn: PythonDict): PythonDict {
  const from = text(turn.get("from"));
  const value = text(turn.get("value"));
  return from === "function_call" ? call(value) : message(GLAIVE_ROLES[from] ?? from, value);
}

function swift(turn: PythonDict): PythonDict {
  const content = text(turn.get("content"));
  return turn.get("role") === "tool_call"
    ? call(content)
    : message(roleAs(turn, "tool_response", "tool").get("role"), content);
}

function reasoning(turn: PythonDict): PythonDict {
  const blocks = list(turn.get("content")).map(dict);
  const valuesOf = (type: string): string[] =>
    blocks.filter((block) => block.get("type") === type).map((block) => text(block.get("value")));
  const made = message(roleAs(turn, "observation", "tool").get("role"), valuesOf("text").join(""));
  const thought = valuesOf("reasoning").join("");
  const calls = valuesOf("tool_call").map((json) => of({ type: "function", function: loads(json) }));
  if (thought !== "") made.set("reasoning_content", thought);
  if (calls.length > 0) made.set("tool_calls", calls);
  return made;
}

const of = (members: Record<string, PythonValue>): PythonDict => new Map(Object.entries(members));

const get = (value: PythonValue | undefined, key: string): PythonValue | undefined => dict(value).get(key);

export function dict(value: PythonValue | undefined): PythonDict {
  if (isDict(value)) return value;
  throw new TypeError("A record has no object where one is expected");
}

export function list(value: PythonValue | undefined): PythonValue[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("A record has no list where one is expected");
}

export function text(value: PythonValue | undefined): string {
  if (typeof value === "string") return value;
  throw new TypeError("A record has no text where one is expected");
}
