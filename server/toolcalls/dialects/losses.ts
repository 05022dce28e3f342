/** What a sample loses in a format that has no room for it, one sentence each. */
import { plain } from "../display.ts";
import { type Call, callsOf, type Sample, type Tool, type Turn } from "./model.ts";
import { conversationOf, ownTools } from "./writing.ts";

/** What a format has room for that keeps question, tools and calls apart. */
export interface RowRoom {
  /** Where the tools' definitions stand; undefined where they have a file of their own. */
  tools?: string;
  /** Turns other than the first question. */
  turns?: boolean;
  calls?: boolean;
  demonstrations?: boolean;
}

export function rowLosses(sample: Sample, room: RowRoom): string[] {
  const { tools, turns = false, calls = true, demonstrations = false } = room;
  const { offer } = sample;
  const lost: string[] = [];
  if (tools !== undefined && offer.kind !== "own")
    lost.push(`The tools are not in the record; put their definitions under \`${tools}\`.`);
  if (tools === undefined && offer.kind === "own" && offer.tools.length > 0)
    lost.push("The tools are left out; put their definitions into a file of their own.");
  if (!turns && hasFurtherTurns(sample)) lost.push("Turns other than the question are left out.");
  if (calls) lost.push(...callLosses(callsOf(sample)));
  else if (callsOf(sample).length > 0) lost.push("The calls are left out.");
  if (!demonstrations && sample.demonstrations.length > 0) lost.push("Demonstrations are left out.");
  return lost;
}

/** Turns that say more than the question and the calls do. */
function hasFurtherTurns({ turns }: Sample): boolean {
  const asked = turns.findIndex(({ role }) => role === "user");
  return turns.some(({ role, text }, index) => index !== asked && text !== "" && role !== "system");
}

/** What a format has room for that keeps all in one conversation. */
export interface ConversationRoom {
  /** Keys besides conversation and tools. */
  keys?: ReadonlySet<string>;
  /** Ids of calls, and which of them a tool message answers. */
  ids?: boolean;
  /** Names in tool messages. */
  names?: boolean;
  /** The id of the record. */
  id?: boolean;
  /** Keys of a tool as written that its new form has a place for. */
  toolKeys?: readonly string[];
}

export function conversationLosses(sample: Sample, room: ConversationRoom): string[] {
  const lost: string[] = [];
  const turns = conversationOf(sample);
  if (sample.offer.kind !== "own") lost.push("The tools are not in the record; put their definitions under its tools.");
  if (sample.id !== undefined && room.id !== true) lost.push("The id of the record is left out.");
  const extra = Object.entries(sample.extra ?? {}).filter(
    ([key, value]) => value !== undefined && room.keys?.has(key) !== true,
  );
  if (extra.length > 0) lost.push(`Left out: ${extra.map(([key]) => `\`${plain(key)}\``).join(", ")}.`);
  if (sample.demonstrations.length > 0) lost.push("Demonstrations become turns before the question.");
  if (room.ids !== true && turns.some(({ callId, calls }) => callId !== undefined || calls.some(({ id }) => id)))
    lost.push("The ids of calls are left out.");
  if (room.names !== true && turns.some(({ name }) => name !== undefined))
    lost.push("The names in tool messages are left out.");
  return [
    ...lost,
    ...callLosses(callsOf(sample)),
    ...sample.demonstrations.flatMap((one) => callLosses(callsOf(one))),
    ...ownTools(sample).flatMap((tool) => toolLosses(tool, room.toolKeys)),
  ];
}

export function callLosses(calls: readonly Call[]): string[] {
  const lost: string[] = [];
  const unread = calls.filter(({ form }) => form === "not-json" || form === "not-object");
  if (unread.length > 0) {
    const names = unread.slice(0, 3).map(({ name }) => (name === "" ? "one without a name" : `"${plain(name)}"`));
    const more = unread.length > names.length ? ` and ${unread.length - names.length} more` : "";
    lost.push(`Arguments that cannot be read are left out, of ${names.join(", ")}${more}.`);
  }
  if (calls.some(({ alternatives }) => alternatives)) lost.push("Of several allowed values only the first is written.");
  return lost;
}

/** @param kept keys of the tool as written that its new form has a place for */
export function toolLosses(tool: Tool, kept: readonly string[] = []): string[] {
  const known = new Set(["name", "description", "parameters", "inputSchema", "input_schema", "type", ...kept]);
  const left = Object.keys(tool.written).filter((key) => !known.has(key));
  if (left.length === 0) return [];
  return [`Left out of "${plain(tool.name)}": ${left.map((key) => `\`${plain(key)}\``).join(", ")}.`];
}

/** For formats that keep a dialogue as one text. `written` are the turns to keep, `read` what is found in the text again. */
export function dialogueLosses(written: readonly Turn[], read: readonly Turn[]): string[] {
  const told = (turns: readonly Turn[]): string =>
    JSON.stringify(turns.map(({ role, text, calls }) => [role, calls.length > 0 ? "" : text]));
  return told(written) === told(read)
    ? []
    : ["The dialogue is kept as one text, from which not every turn can be told again as it was."];
}
