/** Calls in a text, between `<tool_call>` and `</tool_call>`: a JSON object on each line, or one that spans lines. */
import { parseExactJson } from "../json.ts";
import { readCallText } from "./callText.ts";
import type { Call } from "./model.ts";
import type { Ref } from "./ref.ts";

const TAGGED = /<tool_call>([\s\S]*?)(?:<\/tool_call>|$)/g;

/** How often the opening tag stands in the text, thoughts included: simple readers do not tell them apart. */
export const countCallTags = (text: string): number => text.split("<tool_call>").length - 1;

/** What a model thinks aloud may quote the tags. */
export function blankThoughts(text: string): string {
  let blanked = "";
  let reached = 0;
  for (let open = text.indexOf("<think>"); open !== -1; open = text.indexOf("<think>", reached)) {
    const close = text.indexOf("</think>", open);
    if (close === -1) break;
    const end = close + "</think>".length;
    blanked += text.slice(reached, open) + " ".repeat(end - open);
    reached = end;
  }
  return blanked + text.slice(reached);
}

/**
 * @param ref the string that holds the text
 * @param argumentsKey `arguments`, or what the dialect writes for it
 * @param from the part of the text that is read
 */
export function readTaggedCalls(
  text: string,
  ref: Ref,
  argumentsKey = "arguments",
  from = 0,
  to: number = text.length,
): Call[] {
  return [...blankThoughts(text.slice(from, to)).matchAll(TAGGED)].flatMap((match) => {
    const inside = from + match.index + "<tool_call>".length;
    return jsonParts(match[1] ?? "").flatMap(({ start, end }) =>
      readCallText(text, inside + start, inside + end, ref, argumentsKey),
    );
  });
}

/** The whole of a text where that is JSON, else its lines; blank ones left out. */
export function jsonParts(text: string): { start: number; end: number }[] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  const start = text.indexOf(trimmed);
  const whole = { start, end: start + trimmed.length };
  try {
    parseExactJson(trimmed);
    return [whole];
  } catch {
    // Several objects, one on each line.
  }
  if (!trimmed.startsWith("{") || !/\n[ \t]*\{/.test(trimmed)) return [whole];
  return [...text.matchAll(/[^\n]+/g)]
    .map((line) => {
      const content = line[0].trim();
      const at = line.index + line[0].indexOf(content);
      return { start: at, end: at + content.length };
    })
    .filter(({ start: from, end }) => end > from);
}
