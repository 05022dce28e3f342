/** What writers share: a sample as one conversation, and a sentence for each thing that its new form cannot hold. */
import { plain } from "../display.ts";
import { isJsonObject } from "../json.ts";
import { type Call, callsOf, type Offer, type Sample, type Tool, type Turn } from "./model.ts";
import type { JsonObject } from "./read.ts";

/** Demonstrations as questions with their answers, then the turns, then the gold as the assistant's answer. */
export function conversationOf(sample: Sample): Turn[] {
  const { query, queryRef, turns, gold, ref } = sample;
  const asked: Turn[] =
    turns.length === 0 && query !== "" ? [{ role: "user", text: query, calls: [], ref: queryRef }] : turns;
  const answer: Turn[] = gold === undefined ? [] : [{ role: "assistant", text: "", calls: gold, ref }];
  return [...sample.demonstrations.flatMap(conversationOf), ...asked, ...answer];
}

/** The arguments to write: of those with several allowed values the first, and none where an argument may be left out. */
export const argumentsOf = (call: Call): JsonObject =>
  call.alternatives === true ? firstAllowed(call.arguments) : call.arguments;

function firstAllowed(values: JsonObject): JsonObject {
  const entries = Object.entries(values).flatMap(([name, allowed]): [string, unknown][] => {
    if (!Array.isArray(allowed)) return [[name, allowed]];
    const first: unknown = allowed.find((option) => option !== "") ?? allowed[0];
    return first === undefined || (first === "" && allowed.length > 1) ? [] : [[name, chosen(first)]];
  });
  return Object.fromEntries(entries);
}

const chosen = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(chosen);
  return isJsonObject(value) ? firstAllowed(value) : value;
};

/** A call for a JSON list or a line of its own. */
export const bareCall = (call: Call): JsonObject => ({ name: call.name, arguments: argumentsOf(call) });

export const ownTools = (offer: Offer): readonly Tool[] => (offer.kind === "own" ? offer.tools : []);

/** Keys of a record that its dialect does not read, so that writers keep or mention them. */
export function extraOf(value: JsonObject, read: ReadonlySet<string>): Pick<Sample, "extra"> {
  const entries = Object.entries(value).filter(([key]) => !read.has(key));
  return entries.length === 0 ? {} : { extra: Object.fromEntries(entries) };
}

/** Of those the ones that the written dialect knows too. */
export function carried(sample: Sample, keys: ReadonlySet<string>): JsonObject {
  const entries = Object.entries(sample.extra ?? {}).filter(([key, value]) => keys.has(key) && value !== undefined);
  return Object.fromEntries(entries);
}

export interface Holds {
  /** Keys besides conversation and tools. */
  keys?: ReadonlySet<string>;
  /** Ids of calls, and which of them a tool message answers. */
  ids?: boolean;
  /** Names in tool messages. */
  names?: boolean;
  /** The id of the record. */
  id?: boolean;
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

export function sampleLosses(sample: Sample, holds: Holds): string[] {
  const lost: string[] = [];
  const turns = conversationOf(sample);
  if (sample.offer.kind !== "own") lost.push("The tools are not in the record; put their definitions under its tools.");
  if (sample.id !== undefined && holds.id !== true) lost.push("The id of the record is left out.");
  const extra = Object.entries(sample.extra ?? {}).filter(
    ([key, value]) => value !== undefined && holds.keys?.has(key) !== true,
  );
  if (extra.length > 0) lost.push(`Left out: ${extra.map(([key]) => `\`${plain(key)}\``).join(", ")}.`);
  if (sample.demonstrations.length > 0) lost.push("Demonstrations become turns before the question.");
  if (holds.ids !== true && turns.some(({ callId, calls }) => callId !== undefined || calls.some(({ id }) => id)))
    lost.push("The ids of calls are left out.");
  if (holds.names !== true && turns.some(({ name }) => name !== undefined))
    lost.push("The names in tool messages are left out.");
  return [...lost, ...callLosses(callsOf(sample)), ...sample.demonstrations.flatMap((one) => callLosses(callsOf(one)))];
}

/** @param kept keys of the tool as written that its new form has a place for */
export function toolLosses(tool: Tool, kept: readonly string[] = []): string[] {
  const known = new Set(["name", "description", "parameters", "inputSchema", "input_schema", "type", ...kept]);
  const left = Object.keys(tool.written).filter((key) => !known.has(key));
  if (left.length === 0) return [];
  return [`Left out of "${plain(tool.name)}": ${left.map((key) => `\`${plain(key)}\``).join(", ")}.`];
}

/** What is lost of all tools, said once for each key. */
export const offerLosses = ({ offer }: Sample, kept: readonly string[] = []): string[] =>
  ownTools(offer).flatMap((tool) => toolLosses(tool, kept));

/**
 * The turns with an id on every call and on every tool message, which some formats demand. Ids that `accepts` refuses are
 * replaced; a tool message without a known id answers the first call that none has answered.
 * @param make the id of the n-th call
 */
export function linked(
  turns: readonly Turn[],
  { accepts, make }: { accepts(id: string): boolean; make(index: number): string },
): { turns: Turn[]; replaced: boolean } {
  const used = new Set(turns.flatMap(({ calls }) => calls.flatMap(({ id }) => id ?? [])));
  let made = 0;
  let replaced = false;
  const fresh = (): string => {
    let id = make(made++);
    while (used.has(id)) id = make(made++);
    return id;
  };
  const known = new Map<string, string>();
  const open = new Set<string>();
  const result = turns.map((turn): Turn => {
    const calls = turn.calls.map((call): Call => {
      const keeps = call.id !== undefined && accepts(call.id);
      if (call.id !== undefined && !keeps) replaced = true;
      const id = keeps ? (call.id ?? fresh()) : fresh();
      if (call.id !== undefined) known.set(call.id, id);
      open.add(id);
      return { ...call, id };
    });
    if (turn.role !== "tool") return { ...turn, calls };
    const callId = known.get(turn.callId ?? "") ?? first(open) ?? fresh();
    open.delete(callId);
    return { ...turn, calls, callId };
  });
  return { turns: result, replaced };
}

const first = (ids: ReadonlySet<string>): string | undefined => ids.values().next().value;
