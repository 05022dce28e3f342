/** Hand edits of samples (schemas/replacement.ts): calls that are shown or rewarded in place of those of another file's row. */
import { replacementSchema } from "../../../schemas/replacement.ts";
import { isJsonObject } from "../json.ts";
import type { Dialect } from "./dialect.ts";
import { emptyReading, type Sample } from "./model.ts";
import { items, member, readCall, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";

/** One that is half written has some of these already. */
const TELLING = ["row", "action", "scope", "original", "history"];
const ENOUGH = 2;

export const replacement: Dialect = {
  id: "replacement",
  title: "ToolExpander hand edit of a sample",
  layout: "document",
  schemaOf: (value) => replacementSchema(member(value, "action")),

  detect(value) {
    if (!isJsonObject(value) || typeof value.sample !== "string") return 0;
    return TELLING.filter((key) => Object.hasOwn(value, key)).length >= ENOUGH ? 1 : 0;
  },

  read(value, root) {
    const id = textMember(value, "sample");
    if (!isJsonObject(value) || id === undefined) return emptyReading();
    const place = root.at("sample");
    const sample: Sample = {
      // What the row asks stands in its own file.
      query: "",
      queryRef: place,
      offer: { kind: "open" },
      turns: [],
      ...(Array.isArray(value.gold) ? { gold: callsIn(value.gold, root.at("gold")) } : {}),
      demonstrations: items(value.demonstrations, root.at("demonstrations")).flatMap(
        ({ item, ref }) => readDemonstration(item, ref) ?? [],
      ),
      ref: root,
    };
    return { ...emptyReading(), samples: [sample], edited: { id, ref: place } };
  },
};

const callsIn = (value: unknown, ref: Ref) => items(value, ref).map(({ item, ref: place }) => readCall(item, place));

function readDemonstration(value: unknown, ref: Ref): Sample | undefined {
  if (!isJsonObject(value)) return undefined;
  const query = textMember(value, "query") ?? "";
  const thought = textMember(value, "thought");
  return {
    query,
    queryRef: ref.at("query"),
    offer: { kind: "open" },
    turns: [
      { role: "user", text: query, calls: [], ref: ref.at("query") },
      ...(thought === undefined
        ? []
        : [{ role: "assistant" as const, text: thought, calls: [], ref: ref.at("thought") }]),
    ],
    gold: callsIn(value.calls, ref.at("calls")),
    demonstrations: [],
    ref,
  };
}
