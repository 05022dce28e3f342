/** The tools that a record offers, as a list or as JSON of one in a string. */
import { plain } from "../display.ts";
import type { Offer, Reading, Tool } from "./model.ts";
import { decode, items, type JsonObject } from "./read.ts";
import type { Ref } from "./ref.ts";

export interface OfferReading {
  offer: Offer;
  unreadable: Reading["unreadable"];
}

/**
 * Absent and null leave open which tools there are; an empty text says that there are none. Items may be JSON in strings too.
 * @param readOne reads one item; undefined for what is no tool
 */
export function readOffer(
  value: unknown,
  ref: Ref,
  readOne: (item: unknown, ref: Ref) => Tool | undefined,
): OfferReading {
  if (value === undefined || value === null) return { offer: { kind: "open" }, unreadable: [] };
  if (typeof value === "string" && value.trim() === "") return { offer: { kind: "own", tools: [] }, unreadable: [] };
  const { value: list, ref: place, fault } = decode(value, ref);
  if (fault !== undefined) return failed(fault.ref, `The tools are not JSON. ${plain(fault.sentence, 200)}`);
  if (!Array.isArray(list)) return failed(ref, "The tools are not a list; put them into one.");
  const unreadable: Reading["unreadable"] = [];
  const tools = items(list, place).flatMap(({ item, ref: at }) => {
    const decoded = decode(item, at);
    const tool = readOne(decoded.value, decoded.ref);
    if (tool === undefined) unreadable.push({ ref: at, sentence: "This is no tool; write an object with a name." });
    return tool ?? [];
  });
  return { offer: { kind: "own", tools }, unreadable };
}

/** Without the tools that a provider defines itself, which have no schema. */
export function onlyTools({ offer, unreadable }: OfferReading, isTool: (written: JsonObject) => boolean): OfferReading {
  if (offer.kind !== "own") return { offer, unreadable };
  return { offer: { ...offer, tools: offer.tools.filter(({ written }) => isTool(written)) }, unreadable };
}

const failed = (ref: Ref, sentence: string): OfferReading => ({
  offer: { kind: "open" },
  unreadable: [{ ref, sentence }],
});
