/** Records that are one conversation: what stands around the turns is read alike in all such formats. */

import { isJsonObject } from "../json.ts";
import { firstQuestion } from "./messages.ts";
import { emptyReading, type Reading, type Sample, type Turn } from "./model.ts";
import type { OfferReading } from "./offer.ts";
import { type JsonObject, member, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";

export interface ConversationParts {
  turns: Turn[];
  offering: OfferReading;
  /** Keys that the dialect reads; all others are kept. */
  known: ReadonlySet<string>;
  /** Whether an `id` among them names the record, as against a reply of a provider. */
  named?: boolean;
  /** Of a turn, where its text stands. */
  textKey?: string;
}

export function conversation(
  record: JsonObject,
  ref: Ref,
  { turns, offering: { offer, unreadable }, known, named = true, textKey }: ConversationParts,
): Reading {
  const sample: Sample = {
    ...(named && known.has("id") ? identity(record, ref) : {}),
    ...extraOf(record, known),
    ...firstQuestion(turns, ref, textKey),
    offer,
    turns,
    demonstrations: [],
    ref,
  };
  return { ...emptyReading(), samples: [sample], unreadable };
}

export function identity(record: JsonObject, ref: Ref): Pick<Sample, "id" | "idRef"> {
  const id = textMember(record, "id");
  return id === undefined ? {} : { id, idRef: ref.at("id") };
}

/** Keys of a record that its dialect does not read, so that writers keep or mention them. */
function extraOf(record: JsonObject, known: ReadonlySet<string>): Pick<Sample, "extra"> {
  const entries = Object.entries(record).filter(([key]) => !known.has(key));
  return entries.length === 0 ? {} : { extra: Object.fromEntries(entries) };
}

export interface Request {
  holder: JsonObject;
  path: string[];
}

/** A request to a provider: the record itself, or what a line of a batch holds under `key`. */
export function requestOf(record: JsonObject, key: string): Request {
  const inside = member(record, key);
  return isJsonObject(inside) && record.custom_id !== undefined
    ? { holder: inside, path: [key] }
    : { holder: record, path: [] };
}
