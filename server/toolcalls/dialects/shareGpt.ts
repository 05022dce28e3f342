/** ShareGPT with functions, as LLaMA-Factory takes it: `from` and `value`, calls as JSON in `function_call`, tools in a string. */
import { plain } from "../display.ts";
import { isJsonObject } from "../json.ts";
import { readCallText, readCallValue } from "./callText.ts";
import type { Dialect } from "./dialect.ts";
import { readLooseTool } from "./looseTool.ts";
import { contentText } from "./messages.ts";
import { emptyReading, type Reading, type Role, type Turn } from "./model.ts";
import { readOffer } from "./offer.ts";
import { writeTool as writeChatTool } from "./openai.ts";
import { items, type JsonObject, member, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { speakerRole } from "./speakers.ts";
import { addCalls, splitThought, withThought } from "./turns.ts";
import {
  bareCall,
  callLosses,
  carried,
  conversationOf,
  extraOf,
  offerLosses,
  ownTools,
  sampleLosses,
  toolLosses,
} from "./writing.ts";

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

  writeTool: (tool) => ({ value: bareTool(writeChatTool(tool).value), lost: toolLosses(tool, ["strict"]) }),
  writeCall: (call) => ({ value: callTurn([bareCall(call)], ""), lost: callLosses([call]) }),
  writeSample(sample) {
    const [first, ...rest] = conversationOf(sample);
    const leads = first?.role === "system";
    const turns = first === undefined || leads ? rest : [first, ...rest];
    const tools = ownTools(sample.offer).map((tool) => bareTool(writeChatTool(tool).value));
    const lost = [...sampleLosses(sample, { keys: CARRIED, id: true }), ...offerLosses(sample, ["strict"])];
    if (
      turns.some(({ role, text, calls }) => role === "assistant" && calls.length > 0 && splitThought(text).rest !== "")
    )
      lost.push("An assistant's text beside its calls stands in a turn of its own, which some trainers refuse.");
    return {
      value: {
        ...(sample.id === undefined ? {} : { id: sample.id }),
        conversations: turns.flatMap(turnsOf),
        ...(leads ? { system: first.text } : {}),
        ...(sample.offer.kind === "own" ? { tools: JSON.stringify(tools) } : {}),
        ...carried(sample, CARRIED),
      },
      lost,
    };
  },
};

function readRow(value: JsonObject, root: Ref): Reading {
  const id = textMember(value, "id");
  const system = textMember(value, "system") ?? "";
  const turns: Turn[] = system === "" ? [] : [{ role: "system", text: system, calls: [], ref: root.at("system") }];
  const { offer, unreadable } = readOffer(value.tools, root.at("tools"), readLooseTool);
  for (const { item, ref } of items(value.conversations, root.at("conversations"))) {
    const fault = readTurn(item, ref, turns);
    if (fault !== undefined) unreadable.push(fault);
  }
  const question = turns.find(({ role }) => role === "user");
  const sample = {
    ...(id === undefined ? {} : { id, idRef: root.at("id") }),
    ...extraOf(value, READ),
    query: question?.text ?? "",
    queryRef: question?.ref.at("value") ?? root.at("conversations"),
    offer,
    turns,
    demonstrations: [],
    ref: root,
  };
  return { ...emptyReading(), samples: [sample], unreadable };
}

function readTurn(turn: unknown, ref: Ref, turns: Turn[]): Reading["unreadable"][number] | undefined {
  const from = textMember(turn, "from") ?? "";
  const value = member(turn, "value");
  const place = ref.at("value");
  if (CALLS.has(from)) {
    const text = typeof value === "string" ? value : "";
    // Trainers for reasoning models take a thought before the call; it becomes the turn's text.
    const { thought, end } = splitThought(text);
    const calls =
      typeof value === "string"
        ? readCallText(text, end, text.length, place)
        : value === undefined
          ? []
          : readCallValue(value, place);
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
