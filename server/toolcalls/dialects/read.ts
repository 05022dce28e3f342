/** What most dialects share: reading members that may have any type, arguments in any form, and tools with a JSON Schema. */
import { isJsonObject, parseExactJson } from "../json.ts";
import { firstSyntaxFault } from "../syntax.ts";
import type { ArgumentsForm, Call, Tool } from "./model.ts";
import type { Ref } from "./ref.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** An own member, so that `__proto__` and `constructor` are only what the file says. */
export function member(value: unknown, key: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function textMember(value: unknown, key: string): string | undefined {
  const found = member(value, key);
  return typeof found === "string" ? found : undefined;
}

/** The items of a list member with their places; none where the member is not a list. */
export function items(value: unknown, ref: Ref): { item: unknown; ref: Ref }[] {
  return Array.isArray(value) ? value.map((item: unknown, index) => ({ item, ref: ref.at(index) })) : [];
}

/** A value, and where it stands; for one that was encoded, inside the string. */
export interface Decoded {
  value: unknown;
  ref: Ref;
  /** How many strings it was wrapped in. */
  wrappings: number;
  fault?: { ref: Ref; sentence: string };
}

/**
 * A value that may be JSON in a string, or JSON in a string in a string. A string that is not JSON is left as it is, with the
 * fault; a string inside a string is unwrapped only when what it holds is an object or a list.
 */
export function decode(value: unknown, ref: Ref): Decoded {
  let decoded: Decoded = { value, ref, wrappings: 0 };
  while (typeof decoded.value === "string" && decoded.wrappings < 2) {
    const inner = decoded.ref.text();
    const text = decoded.value;
    const parsed = parseOrFault(text);
    if ("sentence" in parsed) {
      if (decoded.wrappings > 0) return decoded;
      const { offset, sentence } = parsed;
      return { ...decoded, fault: { ref: decoded.ref.text(offset, Math.min(offset + 1, text.length)), sentence } };
    }
    if (decoded.wrappings > 0 && (typeof parsed.value !== "object" || parsed.value === null)) return decoded;
    decoded = { value: parsed.value, ref: inner, wrappings: decoded.wrappings + 1 };
  }
  return decoded;
}

function parseOrFault(text: string): { value: unknown } | { offset: number; sentence: string } {
  try {
    return { value: parseExactJson(text) };
  } catch {
    const fault = firstSyntaxFault(text);
    return { offset: fault?.offset ?? 0, sentence: fault?.sentence ?? "This is not JSON." };
  }
}

type Arguments = Pick<Call, "arguments" | "argumentsRef" | "form" | "wanted" | "fault">;

/** The arguments of a call in whatever form they stand. `present` tells null that was written from a missing key. */
function readArguments(holder: JsonObject, key: string, ref: Ref, wanted: readonly ArgumentsForm[]): Arguments {
  if (!Object.hasOwn(holder, key)) return { arguments: {}, argumentsRef: ref, form: "absent", wanted };
  const raw = holder[key];
  const place = ref.at(key);
  if (isJsonObject(raw)) return { arguments: raw, argumentsRef: place, form: "object", wanted };
  const { value, ref: inner, wrappings, fault } = decode(raw, place);
  if (fault !== undefined) return { arguments: {}, argumentsRef: place, form: "not-json", wanted, fault };
  if (!isJsonObject(value)) return { arguments: {}, argumentsRef: place, form: "not-object", wanted };
  return { arguments: value, argumentsRef: inner, form: wrappings > 1 ? "string-in-string" : "string", wanted };
}

/** A call written as one object with a name and arguments. */
export function readCall(
  value: unknown,
  ref: Ref,
  {
    name: nameKey = "name",
    arguments: argumentsKey = "arguments",
    wanted = ["object"] as readonly ArgumentsForm[],
  } = {},
): Call {
  const holder = isJsonObject(value) ? value : {};
  const named = Object.hasOwn(holder, nameKey);
  return {
    name: textMember(holder, nameKey) ?? "",
    nameRef: named ? ref.at(nameKey) : ref,
    ...readArguments(holder, argumentsKey, ref, wanted),
    ref,
  };
}

/** A tool whose parameters are a JSON Schema under one key. Undefined for what is no object. */
export function readTool(value: unknown, ref: Ref, parametersKey = "parameters"): Tool | undefined {
  if (!isJsonObject(value)) return undefined;
  const description = textMember(value, "description");
  const parameters = member(value, parametersKey);
  const place = Object.hasOwn(value, parametersKey) ? ref.at(parametersKey) : ref;
  return {
    name: textMember(value, "name") ?? "",
    ...(description === undefined ? {} : { description }),
    parameters,
    ref,
    nameRef: Object.hasOwn(value, "name") ? ref.at("name") : ref,
    schemaRef: (path) => place.at(...path),
    written: value,
  };
}

/** The tools of a list, each read by `readOne`; what is no tool is left out. */
export function readTools(value: unknown, ref: Ref, readOne: (item: unknown, ref: Ref) => Tool | undefined): Tool[] {
  return items(value, ref).flatMap(({ item, ref: place }) => readOne(item, place) ?? []);
}
