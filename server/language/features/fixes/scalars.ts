/** A value in another type than it was written in, where the text leaves no doubt which value is meant. */
import { isExactNumber, parseExactJson } from "../../../toolcalls/json.ts";

/** JSON of what was meant; undefined where the value is nothing of this type. */
export function asType(value: unknown, source: string, type: string): string | undefined {
  if (typeof value === "string") return fromText(value.trim(), type);
  if (type === "string" && (typeof value !== "object" || isExactNumber(value))) return JSON.stringify(source);
  if (type === "array") return `[${source}]`;
  if (type === "integer" && typeof value === "number" && Number.isInteger(value)) return String(value);
  return undefined;
}

function fromText(text: string, type: string): string | undefined {
  switch (type) {
    case "integer":
    case "number": {
      const number = text.replace(/^\+/, "");
      const pattern = type === "integer" ? /^-?(0|[1-9]\d*)(\.0+)?$/ : /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
      return pattern.test(number) ? number : undefined;
    }
    case "boolean":
      return /^(true|false)$/i.test(text) ? text.toLowerCase() : undefined;
    case "null":
      return /^(null|none)$/i.test(text) ? "null" : undefined;
    case "array":
      return json(text, "[") ?? JSON.stringify([text]);
    case "object":
      return json(text, "{");
    default:
      return undefined;
  }
}

function json(text: string, first: string): string | undefined {
  if (!text.startsWith(first)) return undefined;
  try {
    parseExactJson(text);
    return text;
  } catch {
    return undefined;
  }
}
