/** What writers share: a sample as one conversation, the arguments of its calls, and the ids that some formats demand. */
import { isJsonObject } from "../json.ts";
import type { Call, Sample, Tool, Turn } from "./model.ts";
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
export const argumentsOf = (call: Pick<Call, "arguments" | "alternatives">): JsonObject =>
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

/** Tools that stand in the record itself. */
export const ownTools = ({ offer }: Sample): readonly Tool[] => (offer.kind === "own" ? offer.tools : []);

/** The members of a record that only some samples have: none where there is no id, and none where the tools stand elsewhere. */
export const idMember = ({ id }: Sample): { id?: string } => (id === undefined ? {} : { id });
export const toolsMember = (
  sample: Sample,
  write: (tool: Tool) => unknown,
  laidOut: (tools: unknown[]) => unknown = (tools) => tools,
): { tools?: unknown } => (sample.offer.kind === "own" ? { tools: laidOut(ownTools(sample).map(write)) } : {});

/** Of the keys that were kept the ones that the written dialect knows too. */
export function carried(sample: Sample, keys: ReadonlySet<string>): JsonObject {
  const entries = Object.entries(sample.extra ?? {}).filter(([key, value]) => keys.has(key) && value !== undefined);
  return Object.fromEntries(entries);
}

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
