/** Anthropic Messages: tools with `input_schema`, calls as `tool_use` blocks and answers as `tool_result` blocks. */
import { isJsonObject } from "../json.ts";
import { conversation, requestOf } from "./conversation.ts";
import type { Dialect, Written } from "./dialect.ts";
import { callLosses, conversationLosses, toolLosses } from "./losses.ts";
import { contentText } from "./messages.ts";
import { type Call, emptyReading, type Reading, type Tool, type Turn } from "./model.ts";
import { onlyTools, readOffer } from "./offer.ts";
import { items, type JsonObject, member, readCall, readTool, readTools, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { splitThought, withThought } from "./turns.ts";
import { argumentsOf, carried, conversationOf, linked, toolsMember } from "./writing.ts";

const READ: ReadonlySet<string> = new Set(["messages", "system", "tools"]);
const CARRIED: ReadonlySet<string> = new Set(["max_tokens", "metadata", "model", "temperature", "tool_choice"]);

export const anthropic: Dialect = {
  id: "anthropic",
  title: "Anthropic tools and messages",
  layout: "lines",

  detect(value) {
    if (!isJsonObject(value)) return 0;
    if (isTool(value)) return 1;
    const { holder } = requestOf(value, "params");
    if (Array.isArray(holder.tools) && holder.tools.some(isTool)) return 1;
    if (Array.isArray(holder.content)) return isReply(holder) && holder.content.some(isCallBlock) ? 1 : 0;
    if (!Array.isArray(holder.messages) || hasSchemaOfMcp(holder.tools)) return 0;
    const blocks = holder.messages.flatMap((message) => blocksOf(message));
    if (blocks.some((block) => isCallBlock(block))) return blocks.some(isBlockOfMcp) ? 0 : 1;
    return typeof holder.system === "string" && holder.tools === undefined ? 0.55 : 0;
  },

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    if (isTool(value)) return { ...emptyReading(), tools: readTools([value], root, () => readInputTool(value, root)) };
    const { holder, path } = requestOf(value, "params");
    const place = root.at(...path);
    if (Array.isArray(holder.messages)) return sampleOf(holder, items(holder.messages, place.at("messages")), place);
    if (isReply(holder)) return sampleOf({}, [{ item: holder, ref: place }], place);
    return { ...emptyReading(), tools: readTools(holder.tools, place.at("tools"), readInputTool) };
  },

  writeTool,
  writeCall: (call) => ({ value: callBlock({ ...call, id: call.id ?? callId(0) }), lost: callLosses([call]) }),
  writeSample(sample) {
    const { turns } = linked(conversationOf(sample), { accepts: (id) => /^[\w-]+$/.test(id), make: callId });
    const system = turns.filter(({ role }) => role === "system").map(({ text }) => text);
    const lost = conversationLosses(sample, { keys: CARRIED, ids: true });
    if (turns.some(({ role, text }) => role === "assistant" && splitThought(text).thought !== ""))
      lost.push("Thoughts are left out: the API takes back only those that it signed.");
    if (turns.findLastIndex(({ role }) => role === "system") >= Math.max(1, system.length))
      lost.push("System messages inside the conversation move to its `system`.");
    return {
      value: {
        ...carried(sample, CARRIED),
        ...(system.length === 0 ? {} : { system: system.join("\n\n") }),
        messages: messagesOf(turns),
        ...toolsMember(sample, (tool) => writeTool(tool).value),
      },
      lost,
    };
  },
};

const isTool = (value: unknown): boolean =>
  typeof member(value, "name") === "string" && isJsonObject(member(value, "input_schema"));

const blocksOf = (message: unknown): readonly unknown[] => {
  const content = member(message, "content");
  return Array.isArray(content) ? content : [];
};

const isCallBlock = (block: unknown): boolean =>
  (member(block, "type") === "tool_use" && typeof member(block, "name") === "string") ||
  member(block, "type") === "tool_result";

/** The sampling of the Model Context Protocol has the same blocks with keys in camel case. */
const isBlockOfMcp = (block: unknown): boolean => member(block, "toolUseId") !== undefined;

const hasSchemaOfMcp = (tools: unknown): boolean =>
  Array.isArray(tools) && tools.some((tool) => member(tool, "inputSchema") !== undefined);

/** A message of the assistant as the API answers it. */
const isReply = (value: JsonObject): boolean =>
  value.role === "assistant" && Array.isArray(value.content) && value.stopReason === undefined;

const readInputTool = (value: unknown, ref: Ref): Tool | undefined => readTool(value, ref, "input_schema");

function sampleOf(holder: JsonObject, messages: readonly { item: unknown; ref: Ref }[], place: Ref): Reading {
  const turns: Turn[] = [];
  const system = contentText(holder.system);
  if (system !== "") turns.push({ role: "system", text: system, calls: [], ref: place.at("system") });
  for (const { item, ref } of messages) readMessage(item, ref, turns);
  const offering = readOffer(holder.tools, place.at("tools"), readInputTool);
  const offered = onlyTools(offering, (written) => !isBuiltIn(written));
  return conversation(holder, place, { turns, offering: offered, known: READ });
}

/** A tool that Anthropic defines itself has a type and no schema. */
const isBuiltIn = (tool: JsonObject): boolean =>
  typeof tool.type === "string" && tool.type !== "custom" && tool.input_schema === undefined;

/** A user's message may hold answers of tools beside text; each of them is a turn. */
function readMessage(message: unknown, ref: Ref, turns: Turn[]): void {
  const role = member(message, "role");
  if (role !== "user" && role !== "assistant") return;
  const content = member(message, "content");
  const calls: Call[] = [];
  let text = typeof content === "string" ? content : "";
  let thought = "";
  let results = 0;
  for (const { item, ref: place } of items(content, ref.at("content"))) {
    const type = member(item, "type");
    if (type === "text") text += textMember(item, "text") ?? "";
    else if (type === "thinking") thought += textMember(item, "thinking") ?? "";
    else if (type === "tool_use") calls.push(readBlock(item, place));
    else if (type === "tool_result") {
      const id = textMember(item, "tool_use_id");
      const answer = contentText(member(item, "content"));
      turns.push({ role: "tool", text: answer, calls: [], ...(id === undefined ? {} : { callId: id }), ref: place });
      results++;
    }
  }
  if (role === "assistant" || text !== "" || results === 0)
    turns.push({ role, text: withThought(thought, text), calls, ref });
}

function readBlock(block: unknown, ref: Ref): Call {
  const id = textMember(block, "id");
  return { ...readCall(block, ref, { arguments: "input" }), ...(id === undefined ? {} : { id }) };
}

function writeTool(tool: Tool): Written {
  const { name, description, parameters } = tool;
  const schema = isJsonObject(parameters) ? parameters : { type: "object", properties: {} };
  const lost = toolLosses(tool);
  if (parameters !== undefined && parameters !== null && !isJsonObject(parameters))
    lost.push("Parameters that are no schema are replaced by an empty one.");
  return { value: { name, ...(description === undefined ? {} : { description }), input_schema: schema }, lost };
}

const callId = (index: number): string => `toolu_${index + 1}`;

const callBlock = (call: Call): unknown => ({
  type: "tool_use",
  id: call.id,
  name: call.name,
  input: argumentsOf(call),
});

interface Message {
  role: "user" | "assistant";
  content: unknown[];
}

/** Answers of tools go into one user's message, together with what the user says next: roles must alternate there. */
function messagesOf(turns: readonly Turn[]): unknown[] {
  const messages: Message[] = [];
  let answering: Message | undefined;
  for (const { role, text, calls, callId: answered } of turns) {
    if (role === "tool") {
      if (answering === undefined) {
        answering = { role: "user", content: [] };
        messages.push(answering);
      }
      answering.content.push({ type: "tool_result", tool_use_id: answered, content: text });
    } else if (role === "user" && answering !== undefined) {
      answering.content.push({ type: "text", text });
      answering = undefined;
    } else if (role !== "system") {
      answering = undefined;
      const said = role === "assistant" ? splitThought(text).rest : text;
      const blocks = said === "" ? [] : [{ type: "text", text: said }];
      messages.push({ role, content: [...blocks, ...calls.map(callBlock)] });
    }
  }
  return messages.map((message) => (message.content.length === 0 ? { ...message, content: "" } : message));
}
