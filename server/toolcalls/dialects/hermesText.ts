/** The tags of Hermes and Qwen in the text of one turn: what they hold, and the text without them. */
import { parseExactJson } from "../json.ts";
import { readLooseTool } from "./looseTool.ts";
import type { Call, Role, Tool, Turn } from "./model.ts";
import { readPythonLiteral } from "./pythonLiteral.ts";
import { items } from "./read.ts";
import type { Ref } from "./ref.ts";
import { blankThoughts, jsonParts, readTaggedCalls } from "./taggedCalls.ts";
import { bareCall } from "./writing.ts";

interface Block {
  /** Of the opening tag. */
  open: number;
  /** Of the inside. */
  start: number;
  end: number;
  /** Behind the closing tag. */
  behind: number;
}

/** One that is not closed reaches to the end of the text. */
function blocksOf(text: string, tag: string): Block[] {
  const [opening, closing] = [`<${tag}>`, `</${tag}>`];
  const blocks: Block[] = [];
  for (let open = text.indexOf(opening); open !== -1; ) {
    const start = open + opening.length;
    const found = text.indexOf(closing, start);
    const end = found === -1 ? text.length : found;
    const behind = found === -1 ? text.length : end + closing.length;
    blocks.push({ open, start, end, behind });
    open = text.indexOf(opening, behind);
  }
  return blocks;
}

/**
 * What stands in `<tools>`: a list, or a tool on each line, as JSON or as Python's repr. Templates also name the tag in a
 * sentence, with nothing in it.
 */
export function toolsInText(text: string, ref: Ref, from: number, to: number): Tool[] {
  const window = text.slice(from, to);
  return blocksOf(window, "tools").flatMap(({ start, end }) =>
    jsonParts(window.slice(start, end)).flatMap((part) => {
      const { value, place } = parsed(text, ref, from + start + part.start, from + start + part.end);
      const list = Array.isArray(value) ? items(value, place) : [{ item: value, ref: place }];
      return list.flatMap((one) => readLooseTool(one.item, one.ref) ?? []);
    }),
  );
}

function parsed(text: string, ref: Ref, from: number, to: number): { value: unknown; place: Ref } {
  try {
    return { value: parseExactJson(text.slice(from, to)), place: ref.text(from, to) };
  } catch {
    const literal = readPythonLiteral(text, from);
    if (literal === undefined) return { value: undefined, place: ref.text(from, to) };
    return { value: literal.value, place: ref.laidOut(literal.layout) };
  }
}

/** The turns in what one role says: answers of tools stand in a user's text too. */
export function hermesTurns(role: Role, text: string, ref: Ref, textRef: Ref, from: number, to: number): Turn[] {
  const window = text.slice(from, to);
  if (role === "system") {
    const own = withoutTools(window);
    return own === "" && window !== "" ? [] : [{ role, text: own, calls: [], ref }];
  }
  const visible = role === "assistant" ? blankThoughts(window) : window;
  const answers = blocksOf(visible, "tool_response").map(({ start, end }): Turn => {
    const inside = textRef.text(from + start, from + end);
    return { role: "tool", text: window.slice(start, end).trim(), calls: [], ref: inside };
  });
  if (role === "assistant") {
    const calls = readTaggedCalls(text, textRef, "arguments", from, to);
    return [{ role, text: without(window, visible, ["tool_call", "tool_response", "tools"]), calls, ref }, ...answers];
  }
  if (answers.length === 0) return [{ role, text: window, calls: [], ref }];
  const rest = without(window, visible, ["tool_response"]);
  return rest === "" ? answers : [...answers, { role, text: rest, calls: [], ref }];
}

/** @param visible the text with that blanked in which no tag counts */
function without(text: string, visible: string, tags: readonly string[]): string {
  const blocks = tags.flatMap((tag) => blocksOf(visible, tag));
  if (blocks.length === 0) return text;
  blocks.sort((left, right) => left.open - right.open);
  let kept = "";
  let reached = 0;
  for (const { open, behind } of blocks) {
    if (open > reached) kept += text.slice(reached, open);
    reached = Math.max(reached, behind);
  }
  return (kept + text.slice(reached)).trim();
}

const HEADING = "# Tools";
const SECTION = `${HEADING}

Answer with a JSON object with name and arguments inside <tool_call></tool_call> for each call that you make. The functions stand inside <tools></tools>:`;

/** A system's text without the tools in it; with them goes the section that introduces them, where it has a heading. */
function withoutTools(text: string): string {
  const block = blocksOf(text, "tools").find(({ start, end }) => text.slice(start, end).trim() !== "");
  if (block === undefined) return text;
  const heading = text.lastIndexOf(HEADING, block.open);
  if (heading !== -1) return text.slice(0, heading).trim();
  return `${text.slice(0, block.open)}${text.slice(block.behind)}`.trim();
}

/** The other way round. */
export function systemText(text: string, tools: readonly string[]): string {
  if (tools.length === 0) return text;
  const section = `${SECTION}\n<tools>\n${tools.map(guarded).join("\n")}\n</tools>`;
  return text === "" ? section : `${text}\n\n${section}`;
}

export const taggedCall = (call: Call): string =>
  `<tool_call>\n${guarded(JSON.stringify(bareCall(call)))}\n</tool_call>`;

/** Tags inside strings of the JSON would end it early; escaped they mean the same. */
const guarded = (json: string): string => json.replace(/<(?=\/?(?:tool|think|\|))/g, "\\u003c");
