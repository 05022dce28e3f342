/** Recorded results of tools (schemas/questions.ts): a call and what the tool answered. */
import { RecordedResult } from "../../../schemas/questions.ts";
import { isJsonObject } from "../json.ts";
import type { Dialect } from "./dialect.ts";
import { emptyReading, type Sample } from "./model.ts";
import { callIn } from "./questions.ts";

/** A tool's complaint about wrong arguments is a result too. */
const habits = {
  "argument-constraint": "hint",
  "argument-enum": "hint",
  "argument-missing": "hint",
  "argument-type": "hint",
  "argument-unknown": "hint",
} as const satisfies Dialect["habits"];

export const results: Dialect = {
  id: "results",
  title: "ToolExpander recorded results",
  layout: "lines",
  habits,
  schemaOf: () => RecordedResult,

  detect: (value) => (isJsonObject(value) && isJsonObject(value.call) && Object.hasOwn(value, "result") ? 1 : 0),

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    const sample: Sample = {
      query: "",
      queryRef: root,
      offer: { kind: "open" },
      turns: [],
      uses: callIn(value, root),
      demonstrations: [],
      ref: root,
    };
    return { ...emptyReading(), samples: [sample] };
  },
};
