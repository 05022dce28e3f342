/** The tags of Hermes and Qwen in the text of one turn: what they hold, and the text without them. */
import { parseExactJson } from "../json.ts";
import type { Call, Role, Tool, Turn } from "./model.ts";
import { readChatTool } from "./openai.ts";
import { readPythonLiteral } from "./pythonLiteral.ts";
import { items } from "./read.ts";
import type { Ref } from "./ref.ts";
import { jsonParts, readTaggedCalls } from "./taggedCalls.ts";
import { bareCall } from "./writing.ts";

interface Block {
  /** Of the inside. */
  start: number;
  end: number;
  /** Behind the closing tag. */
  behind: number;
}

/** Blocks of a tag between two offsets; one that is not closed reaches to the end. */
function blocksOf(text: string, tag: string, from: number, to: number): Block[] {
  const [open, close] = [`<${tag}>`, `</${tag}>`];
  const blocks: Block[] = [];
  let at = text.indexOf(open, from);
  while (at !== -1 && at < to) {
    const start = at + open.length;
    const found = text.indexOf(close, start);
    const closed = found !== -1 && found < to;
    const end = closed ? found : to;
    const behind = closed ? end + close.length : to;
    blocks.push({ start, end, behind });
    if (!closed) break;
    at = text.indexOf(open, behind);
  }
  return blocks;
}

/**
 * What stands in `<tools>`: a list, or a tool on each line, as JSON or as Python's repr. Templates also name the tag in a
 * sentence, with nothing in it.
 */
export function toolsInText(text: string, ref: Ref, from: number, to: number): Tool[] {
  return blocksOf(text, "tools", from, to).flatMap(({ start, end }) =>
    jsonParts(text.slice(start, end)).flatMap((part) => {
      const place = ref.text(start + part.start, start + part.end);
      const { value, exact } = parsed(text.slice(start + part.start, start + part.end));
      const list = Array.isArray(value) ? items(value, place) : [{ item: value, ref: place }];
      const tools = list.flatMap((one) => readChatTool(one.item, one.ref) ?? []);
      // A literal of Python has no places inside, so each of its tools is the whole of it.
      return exact ? tools : tools.map((tool) => ({ ...tool, ref: place, nameRef: place, schemaRef: () => place }));
    }),
  );
}

function parsed(text: string): { value: unknown; exact: boolean } {
  try {
    return { value: parseExactJson(text), exact: true };
  } catch {
    return { value: readPythonLiteral(text)?.value, exact: false };
  }
}

/** The turns in what one role says: answers of tools stand in a user's text too. */
export function hermesTurns(role: Role, text: string, ref: Ref, textRef: Ref, from: number, to: number): Turn[] {
  if (role === "system") return [{ role, text: withoutTools(text.slice(from, to)), calls: [], ref }];
  const responses = blocksOf(text, "tool_response", from, to);
  const answers = responses.map(({ start, end }): Turn => {
    return { role: "tool", text: text.slice(start, end).trim(), calls: [], ref: textRef.text(start, end) };
  });
  if (role === "assistant") {
    const calls = readTaggedCalls(text, textRef, "arguments", from, to);
    const answer: Turn = { role, text: without(text, ["tool_call", "tool_response", "tools"], from, to), calls, ref };
    return [answer, ...answers];
  }
  const rest = without(text, ["tool_response"], from, to);
  if (answers.length === 0) return [{ role, text: text.slice(from, to), calls: [], ref }];
  return rest === "" ? answers : [...answers, { role, text: rest, calls: [], ref }];
}

function without(text: string, tags: readonly string[], from: number, to: number): string {
  const blocks = tags.flatMap((tag) => blocksOf(text, tag, from, to).map((block) => ({ ...block, tag })));
  if (blocks.length === 0) return text.slice(from, to);
  blocks.sort((left, right) => left.start - right.start);
  let kept = "";
  let reached = from;
  for (const { start, behind, tag } of blocks) {
    const open = start - tag.length - "<>".length;
    if (open > reached) kept += text.slice(reached, open);
    reached = Math.max(reached, behind);
  }
  return (kept + text.slice(reached, to)).trim();
}

const HEADING = "# Tools";
const SECTION = `${HEADING}

Answer with a JSON object with name and arguments inside <tool_call></tool_call> for each call that you make. The functions stand inside <tools></tools>:`;

/** A system's text without the tools in it; with them goes the section that introduces them, where it has a heading. */
function withoutTools(text: string): string {
  const block = blocksOf(text, "tools", 0, text.length).find(({ start, end }) => text.slice(start, end).trim() !== "");
  if (block === undefined) return text;
  const heading = text.lastIndexOf(HEADING, block.start);
  if (heading !== -1) return text.slice(0, heading).trim();
  return `${text.slice(0, block.start - "<tools>".length)}${text.slice(block.behind)}`.trim();
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
