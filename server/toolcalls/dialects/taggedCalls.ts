/** Calls in a text, between `<tool_call>` and `</tool_call>`: a JSON object on each line, or one that spans lines. */

import { parseExactJson } from "../json.ts";
import { firstSyntaxFault } from "../syntax.ts";
import type { Call } from "./model.ts";
import { items, readCall } from "./read.ts";
import type { Ref } from "./ref.ts";

const TAGGED = /<tool_call>([\s\S]*?)(?:<\/tool_call>|$)/g;
/** What a model thinks aloud may quote the tags. */
const THOUGHT = /<think>[\s\S]*?<\/think>/g;

/** How often the opening tag stands in the text, thoughts included: simple readers do not tell them apart. */
export const countCallTags = (text: string): number => text.split("<tool_call>").length - 1;

const blankThoughts = (text: string): string => text.replace(THOUGHT, (thought) => " ".repeat(thought.length));

/** @param argumentsKey `arguments`, or what the dialect writes for it */
export function readTaggedCalls(text: string, ref: Ref, argumentsKey = "arguments"): Call[] {
  return [...blankThoughts(text).matchAll(TAGGED)].flatMap((match) => {
    const from = match.index + "<tool_call>".length;
    return partsOf(match[1] ?? "").flatMap(({ start, end }) => {
      const place = ref.text(from + start, from + end);
      const source = text.slice(from + start, from + end);
      try {
        const value = parseExactJson(source);
        const calls = Array.isArray(value) ? items(value, place) : [{ item: value, ref: place }];
        return calls.map(({ item, ref: at }) => readCall(item, at, { arguments: argumentsKey }));
      } catch {
        return [unreadable(source, from + start, ref, place)];
      }
    });
  });
}

/** The whole of it where that is JSON, else its lines. */
function partsOf(text: string): { start: number; end: number }[] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  const start = text.indexOf(trimmed);
  try {
    parseExactJson(trimmed);
    return [{ start, end: start + trimmed.length }];
  } catch {
    // Several objects, one on each line.
  }
  return [...text.matchAll(/[^\n]+/g)]
    .map((line) => {
      const content = line[0].trim();
      const at = line.index + line[0].indexOf(content);
      return { start: at, end: at + content.length };
    })
    .filter(({ start: from, end }) => end > from);
}

function unreadable(source: string, offset: number, ref: Ref, place: Ref): Call {
  const fault = firstSyntaxFault(source);
  const at = offset + (fault?.offset ?? 0);
  return {
    name: "",
    nameRef: place,
    arguments: {},
    argumentsRef: place,
    form: "not-json",
    wanted: ["object"],
    fault: { ref: ref.text(at, at + 1), sentence: fault?.sentence ?? "This is not JSON." },
    ref: place,
  };
}
