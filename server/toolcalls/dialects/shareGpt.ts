/** ShareGPT with functions, as LLaMA-Factory takes it: `from` and `value`, calls as JSON in `function_call`, tools in a string. */
import { plain } from "../display.ts";
import { isJsonObject } from "../json.ts";
import { readCallsIn } from "./callText.ts";
import { conversation } from "./conversation.ts";
import type { Dialect } from "./dialect.ts";
import { readLooseTool } from "./looseTool.ts";
import { callLosses, conversationLosses, toolLosses } from "./losses.ts";
import { contentText } from "./messages.ts";
import { emptyReading, type Reading, type Role, type Turn } from "./model.ts";
import { readOffer } from "./offer.ts";
import { TOOL_KEYS, writeTool as writeChatTool } from "./openai.ts";
import { items, type JsonObject, member, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { speakerRole } from "./speakers.ts";
import { addCalls, splitThought, withThought } from "./turns.ts";
import { bareCall, carried, conversationOf, idMember, toolsMember } from "./writing.ts";

const CALLS: ReadonlySet<unknown> = new Set(["function_call", "tool_call"]);
const FUNCTIONS: ReadonlySet<unknown> = new Set([...CALLS, "observation"]);
const READ: ReadonlySet<string> = new Set(["conversations", "id", "system", "tools"]);
const CARRIED: ReadonlySet<string> = new Set(["audios", "chosen", "images", "kto_tag", "rejected", "videos"]);

export const shareGpt: Dialect = {
  id: "sharegpt",
  title: "ShareGPT with functions",
  layout: "array",
  habits: { "tool-name": "hint", "schema-type-name": "hint" },

  detect(value) {
    if (!isJsonObject(value) || !Array.isArray(value.conversations)) return 0;
    if (Object.hasOwn(value, "answer") && Object.hasOwn(value, "tools")) return 0;
    const speakers = value.conversations.map((turn) => member(turn, "from"));
    if (speakers.some((from) => FUNCTIONS.has(from))) return 1;
    if (!speakers.some((from) => typeof from === "string")) return 0;
    return value.tools === undefined ? 0.5 : 0.9;
  },

  read(value, root) {
    return isJsonObject(value) ? readRow(value, root) : emptyReading();
  },

  writeTool: (tool) => ({ value: bareTool(writeChatTool(tool).value), lost: toolLosses(tool, TOOL_KEYS) }),
  writeCall: (call) => ({ value: callTurn([bareCall(call)], ""), lost: callLosses([call]) }),
  writeSample(sample) {
    const [first, ...rest] = conversationOf(sample);
    const leads = first?.role === "system";
    const turns = first === undefined || leads ? rest : [first, ...rest];
    const lost = conversationLosses(sample, { keys: CARRIED, id: true, toolKeys: TOOL_KEYS });
    if (
      turns.some(({ role, text, calls }) => role === "assistant" && calls.length > 0 && splitThought(text).rest !== "")
    )
      lost.push("An assistant's text beside its calls stands in a turn of its own, which some trainers refuse.");
    return {
      value: {
        ...idMember(sample),
        conversations: turns.flatMap(turnsOf),
        ...(leads ? { system: first.text } : {}),
        ...toolsMember(sample, (tool) => bareTool(writeChatTool(tool).value), JSON.stringify),
        ...carried(sample, CARRIED),
      },
      lost,
    };
  },
};

function readRow(value: JsonObject, root: Ref): Reading {
  const system = textMember(value, "system") ?? "";
  const turns: Turn[] = system === "" ? [] : [{ role: "system", text: system, calls: [], ref: root.at("system") }];
  const offering = readOffer(value.tools, root.at("tools"), readLooseTool);
  for (const { item, ref } of items(value.conversations, root.at("conversations"))) {
    const fault = readTurn(item, ref, turns);
    if (fault !== undefined) offering.unreadable.push(fault);
  }
  return conversation(value, root, { turns, offering, known: READ, textKey: "value" });
}

function readTurn(turn: unknown, ref: Ref, turns: Turn[]): Reading["unreadable"][number] | undefined {
  const from = textMember(turn, "from") ?? "";
  const value = member(turn, "value");
  const place = ref.at("value");
  if (CALLS.has(from)) {
    // Trainers for reasoning models take a thought before the call; it becomes the turn's text.
    const { thought, end } = splitThought(typeof value === "string" ? value : "");
    const calls = readCallsIn(value, place, end);
    addCalls(turns, calls, withThought(thought, ""), ref);
    return calls.length > 0 ? undefined : { ref, sentence: "This turn holds no call; write one as JSON into `value`." };
  }
  const role = speakerRole(from);
  if (role === undefined) {
    const sentence = `No trainer knows the speaker "${plain(from)}"; use human, gpt, function_call, observation or system.`;
    return { ref: from === "" ? ref : ref.at("from"), sentence };
  }
  turns.push({ role, text: contentText(value), calls: [], ref });
  return undefined;
}

const bareTool = (wrapped: unknown): unknown => member(wrapped, "function") ?? wrapped;

const callTurn = (calls: readonly JsonObject[], thought: string): unknown => {
  const json = JSON.stringify(calls.length === 1 ? calls[0] : calls);
  return { from: "function_call", value: thought === "" ? json : withThought(thought, json) };
};

const SPEAKERS: Readonly<Record<Role, string>> = {
  system: "system",
  user: "human",
  assistant: "gpt",
  tool: "observation",
};

/** One observation answers all calls of a turn, so they stand in one value. */
function turnsOf({ role, text, calls }: Turn): unknown[] {
  if (calls.length === 0) return [{ from: SPEAKERS[role], value: text }];
  const { thought, rest } = splitThought(text);
  if (rest === "") return [callTurn(calls.map(bareCall), thought)];
  return [{ from: SPEAKERS[role], value: text }, callTurn(calls.map(bareCall), "")];
}
