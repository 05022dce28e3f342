/** Calls in a part of a text that should be JSON of one call or of a list of them. */
import { isJsonObject, parseExactJson } from "../json.ts";
import { firstSyntaxFault } from "../syntax.ts";
import type { Call } from "./model.ts";
import { readPythonLiteral } from "./pythonLiteral.ts";
import { decode, items, member, readCall, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";

/**
 * @param ref the string that holds the text
 * @param from where the part begins in the decoded text
 */
export function readCallText(text: string, from: number, to: number, ref: Ref, argumentsKey = "arguments"): Call[] {
  const source = text.slice(from, to);
  const place = ref.text(from, to);
  try {
    return readCallValue(parseExactJson(source), place, argumentsKey);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [unreadable(source, from, ref, place)];
  }
}

/** The calls of a message's text from `from` on, or of what stands there instead of a text; none where nothing does. */
export function readCallsIn(value: unknown, ref: Ref, from = 0): Call[] {
  if (typeof value === "string") return readCallText(value, from, value.length, ref);
  return value === undefined ? [] : readCallValue(value, ref);
}

/** The same for a value that was parsed already; one that is JSON in a string once more says so in its form. */
function readCallValue(value: unknown, ref: Ref, argumentsKey = "arguments"): Call[] {
  const { value: inner, ref: place, wrappings } = decode(value, ref);
  const list = Array.isArray(inner) ? items(inner, place) : [{ item: inner, ref: place }];
  const calls = list.map(({ item, ref: at }) => readCall(item, at, { arguments: argumentsKey }));
  if (wrappings === 0) return calls;
  return calls.map((call) => (call.form === "object" ? { ...call, form: "string-in-string" } : call));
}

/** Python's repr of a call is no JSON, but it tells which tool is meant. */
function unreadable(source: string, offset: number, ref: Ref, place: Ref): Call {
  const python = readPythonLiteral(source)?.value;
  const fault = firstSyntaxFault(source);
  const at = offset + (fault?.offset ?? 0);
  return {
    name: textMember(python, "name") ?? "",
    nameRef: place,
    arguments: {},
    argumentsRef: place,
    form: "not-json",
    wanted: ["object"],
    fault: {
      ref: ref.text(at, at + 1),
      sentence: isJsonObject(member(python, "arguments"))
        ? "It is Python's repr of a dictionary; write it with json.dumps."
        : (fault?.sentence ?? "This is not JSON."),
    },
    ref: place,
  };
}
