/** Questions of several turns (schemas/questions.ts): the calls that help in them are no answer, and the answer is a text. */
import { Question } from "../../../schemas/questions.ts";
import { isJsonObject } from "../json.ts";
import type { Dialect } from "./dialect.ts";
import { emptyReading, type Sample } from "./model.ts";
import { items, member, readCall, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";

/** One that is half written has some of these already. */
const TELLING = ["uses", "results", "accept"];

export const questions: Dialect = {
  id: "questions",
  title: "ToolExpander questions",
  layout: "lines",
  schemaOf: () => Question,

  detect(value) {
    if (!isJsonObject(value) || typeof value.query !== "string" || !isNames(value.tools)) return 0;
    if (value.answer !== undefined && typeof value.answer !== "string") return 0;
    if (TELLING.some((key) => Array.isArray(value[key]))) return 1;
    return typeof value.answer === "string" ? 0.9 : 0;
  },

  read(value, root) {
    const id = textMember(value, "id");
    const query = textMember(value, "query");
    if (!isJsonObject(value) || query === undefined) return emptyReading();
    const sample: Sample = {
      ...(id === undefined ? {} : { id, idRef: root.at("id") }),
      query,
      queryRef: root.at("query"),
      offer: {
        kind: "named",
        names: items(value.tools, root.at("tools")).flatMap(({ item, ref }) =>
          typeof item === "string" ? [{ name: item, ref }] : [],
        ),
      },
      turns: [{ role: "user", text: query, calls: [], ref: root.at("query") }],
      uses: items(value.uses, root.at("uses")).flatMap(({ item, ref }) => callIn(item, ref)),
      demonstrations: [],
      ref: root,
    };
    return { ...emptyReading(), samples: [sample] };
  },
};

const isNames = (value: unknown): boolean => Array.isArray(value) && value.every((name) => typeof name === "string");

/** The call of a record that holds one. */
export function callIn(value: unknown, ref: Ref) {
  const call = member(value, "call");
  return call === undefined ? [] : [readCall(call, ref.at("call"))];
}
