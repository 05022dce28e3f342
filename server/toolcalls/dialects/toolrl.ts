/**
 * ToolRL (rlla): tools as numbered text in the instruction, calls as JSON lines in `<tool_call>` with `parameters` for arguments.
 * Rows are `{instruction, input, output}`, `{prompt, reward_model}` or `{system, user, answer}`.
 */
import { isJsonObject, parseExactJson } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { type FlatParameters, flatten, readFlatParameters } from "./flatParameters.ts";
import { GENERATED_MAPS } from "./habits.ts";
import { callLosses, rowLosses } from "./losses.ts";
import { type Call, callsOf, emptyReading, type Sample, type Tool } from "./model.ts";
import { readPythonLiteral } from "./pythonLiteral.ts";
import { PythonBudget } from "./pythonSyntax.ts";
import { items, type JsonObject, member, readCall, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { readTaggedCalls } from "./taggedCalls.ts";
import { argumentsOf, ownTools } from "./writing.ts";

export const toolrl: Dialect = {
  id: "toolrl",
  title: "ToolRL",
  layout: "array",
  callTags: "one",
  habits: GENERATED_MAPS,

  detect(value) {
    if (!isJsonObject(value)) return 0;
    const { instruction, output, reward_model, system, answer } = value;
    const hasTools = [instruction, system].some(
      (text) => typeof text === "string" && text.includes("**Available Tools**"),
    );
    if (hasTools && (typeof output === "string" || answer !== undefined)) return 1;
    return isJsonObject(reward_model) && Array.isArray(value.prompt) ? 0.95 : 0;
  },

  read(value, root) {
    return isJsonObject(value) ? { ...emptyReading(), samples: [readRow(value, root)] } : emptyReading();
  },

  writeCall: (call) => ({ value: callValue(call), lost: callLosses([call]) }),
  writeSample,
};

interface Part {
  text: string;
  ref: Ref;
}

function readRow(value: JsonObject, root: Ref): Sample {
  const part = (holder: unknown, key: string, ref: Ref): Part => ({
    text: textMember(holder, key) ?? "",
    ref: ref.at(key),
  });
  const messages = items(value.prompt, root.at("prompt"));
  const message = (role: string): Part | undefined => {
    const found = messages.find(({ item }) => member(item, "role") === role);
    return found && part(found.item, "content", found.ref);
  };
  const instructions = message("system") ?? part(value, value.system === undefined ? "instruction" : "system", root);
  const input = message("user") ?? part(value, value.user === undefined ? "input" : "user", root);
  const output = isJsonObject(value.reward_model)
    ? part(value.reward_model, "ground_truth", root.at("reward_model"))
    : part(value, "output", root);
  return {
    query: input.text,
    queryRef: input.ref,
    offer: { kind: "own", tools: toolsOf(instructions) },
    turns: [
      { role: "system", text: instructions.text, calls: [], ref: instructions.ref },
      { role: "user", text: input.text, calls: [], ref: input.ref },
    ],
    gold:
      value.answer === undefined
        ? readTaggedCalls(output.text, output.ref, "parameters")
        : answerOf(value.answer, root.at("answer")),
    ...(value.answer === undefined ? { answerText: output } : {}),
    demonstrations: [],
    ref: root,
  };
}

/** One call, or a list of them. */
function answerOf(answer: unknown, ref: Ref): Call[] {
  const list = isJsonObject(answer) ? [{ item: answer as unknown, ref }] : items(answer, ref);
  return list.map(({ item, ref: place }) => readCall(item, place, { arguments: "parameters" }));
}

/** `1. Name: a`, `Description: …`, `Parameters: {…}`; the name and the description also as `1. a: …`. */
const TOOL =
  /^\d+\. (?:Name: (?<name>[^\n]*)\nDescription: (?<description>[^\n]*(?:\n(?!Parameters:|\d+\. )[^\n]*)*)|(?<short>[^:\n]+): (?<about>[^\n]*))\nParameters: (?<parameters>[^\n]*)/gm;

function toolsOf({ text, ref }: Part): Tool[] {
  const end = text.indexOf("**Steps for Each Turn**");
  const listed = end === -1 ? text : text.slice(0, end);
  const budget = new PythonBudget();
  return [...listed.matchAll(TOOL)].map((match) => {
    const { name = "", description = "", short = "", about = "", parameters = "" } = match.groups ?? {};
    const called = name === "" ? short : name;
    const nameAt = match.index + match[0].indexOf(called);
    const from = match.index + match[0].length - parameters.length;
    const { value, inside } = parametersOf({ text, ref }, { from, to: from + parameters.length }, budget);
    const flat = readFlatParameters(value);
    return {
      name: called.trim(),
      description: description === "" ? about : description,
      parameters: flat?.schema ?? value,
      ref: ref.text(match.index, match.index + match[0].length),
      nameRef: ref.text(nameAt, nameAt + called.length),
      schemaRef: (path) => inside(flat, path),
      written: {},
    };
  });
}

type Places = (flat: FlatParameters | undefined, path: readonly (string | number)[]) => Ref;

/** JSON, or Python's repr of it, in a part of a string's text. */
function parametersOf(
  { text, ref }: Part,
  { from, to }: { from: number; to: number },
  budget: PythonBudget,
): { value: unknown; inside: Places } {
  const within =
    (place: Ref): Places =>
    (flat, path) =>
      place.at(...(flat?.written(path) ?? path));
  try {
    return { value: parseExactJson(text.slice(from, to)), inside: within(ref.text(from, to)) };
  } catch {
    const literal = readPythonLiteral(text, from, budget);
    if (literal === undefined) return { value: undefined, inside: () => ref.text(from, to) };
    return { value: literal.value, inside: within(ref.laidOut(literal.layout)) };
  }
}

const callValue = (call: Call): unknown => ({ name: call.name, parameters: argumentsOf(call) });

function writeSample(sample: Sample): Written {
  const list = ownTools(sample).map(({ name, description = "", parameters }, index) => {
    return `${index + 1}. Name: ${name}\nDescription: ${description.replaceAll("\n", " ")}\nParameters: ${JSON.stringify(flatten(parameters))}`;
  });
  const calls = callsOf(sample).map((call) => JSON.stringify(callValue(call)));
  return {
    value: {
      instruction: `**Available Tools**\nIn your response, you can use the following tools:\n${list.join("\n")}\n\n**Steps for Each Turn**\n`,
      input: sample.query,
      output: calls.length > 0 ? `<tool_call>\n${calls.join("\n")}\n</tool_call>` : "",
    },
    lost: rowLosses(sample, { tools: "instruction" }),
  };
}
