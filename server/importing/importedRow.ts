/** One row of ours from a sample of any dialect: one question, the tools offered, the calls that answer it. */
import type { Sample as Row, ToolCall } from "../../schemas/samples.ts";
import type { Call, Sample, Tool, Turn } from "../toolcalls/dialects/model.ts";
import { argumentsOf } from "../toolcalls/dialects/writing.ts";
import { isJsonObject } from "../toolcalls/json.ts";
import type { ToolBook } from "./toolBook.ts";

export type Imported =
  /** With what it loses, one sentence each. */
  | { row: Omit<Row, "id">; notes: string[] }
  /** Why it is no row. */
  | { dropped: string };

/** @param tools that the sample is offered */
export function importedRow(sample: Sample, tools: readonly Tool[], book: ToolBook): Imported {
  if (sample.query.trim() === "") return { dropped: "It asks nothing." };
  if (tools.length === 0) return { dropped: "It offers no tools." };
  const answer = answerOf(sample);
  if ("dropped" in answer) return answer;
  const byName = new Map(tools.toReversed().map((tool) => [tool.name, tool]));
  if (answer.calls.some(({ name }) => !byName.has(name))) return { dropped: "It calls a tool that it does not offer." };
  const names = new Map(Array.from(byName.values(), (tool) => [tool.name, book.add(tool).name]));
  const calls = answer.calls.map(
    (call): ToolCall => ({
      name: names.get(call.name) ?? call.name,
      arguments: { ...argumentsOf(withoutAbsent(call, byName.get(call.name))) },
    }),
  );
  const row = { query: sample.query, tools: [...new Set(names.values())], answer: calls, category: categoryOf(calls) };
  const notes = [...answer.notes];
  if ([...names].some(([before, after]) => before !== after))
    notes.push("Tools are named otherwise than in the source.");
  if (answer.calls.some(({ alternatives }) => alternatives))
    notes.push("Of several allowed values the first is taken.");
  return { row, notes };
}

/** Where "" is all that is allowed, the argument is to be left out, unless the tool requires it and so means the empty text. */
function withoutAbsent(call: Call, tool: Tool | undefined): Call {
  if (call.alternatives !== true) return call;
  const required = isJsonObject(tool?.parameters) ? tool.parameters.required : undefined;
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name);
  const entries = Object.entries(call.arguments).filter(
    ([name, allowed]) =>
      isRequired(name) || !(Array.isArray(allowed) && allowed.length > 0 && allowed.every((value) => value === "")),
  );
  return { ...call, arguments: Object.fromEntries(entries) };
}

type Answer = { calls: readonly Call[]; notes: string[] } | { dropped: string };

/** The gold where there is one, else what the assistant answers to the first question. */
function answerOf({ gold, turns }: Sample): Answer {
  const asked = turns.findIndex(({ role }) => role === "user");
  const notes = turns.some(({ role, text }) => role === "system" && text.trim() !== "")
    ? ["The system text is left out: training writes its own."]
    : [];
  if (gold !== undefined) {
    if (turns.slice(asked + 1).some(speaks)) return { dropped: "It asks for an answer in the middle of a dialogue." };
    return { calls: gold, notes };
  }
  const [answer, ...later] = turns.slice(asked + 1).filter(({ role }) => role === "assistant");
  if (answer === undefined) return { dropped: "It has no answer." };
  if (answer.calls.length === 0 && later.some(({ calls }) => calls.length > 0))
    return { dropped: "It answers in words before it calls." };
  if (later.some(({ calls }) => calls.length > 0)) notes.push("Only the first answer of the dialogue is kept.");
  return { calls: answer.calls, notes };
}

const speaks = ({ role, text, calls }: Turn): boolean => role !== "system" && (text.trim() !== "" || calls.length > 0);

function categoryOf(calls: readonly ToolCall[]): string {
  if (calls.length === 0) return "none";
  if (calls.length === 1) return "single";
  return new Set(calls.map(({ name }) => name)).size === 1 ? "parallel" : "several";
}
