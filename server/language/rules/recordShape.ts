import { Ref } from "../../toolcalls/dialects/ref.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { compileSchema, type SchemaError } from "../jsonSchema/compileSchema.ts";
import type { Rule } from "./rule.ts";

const validators = new WeakMap<object, (value: unknown) => SchemaError[]>();

export const recordShape: Rule = {
  id: "record-shape",
  severity: "error",
  title: "Record that does not follow its format",
  documentation: {
    text: "The record lacks a member that its format requires, or has one of another type or an unknown name. Training refuses the file with the same complaint.",
    bad: '{"id":"train-001","query":"Hello","tools":[],"answer":[],"tool":"x"}',
    good: '{"id":"train-001","query":"Hello","tools":[],"answer":[]}',
  },
  record({ fault, value }, reading, { report, dialect }) {
    if (fault !== undefined) return;
    for (const { ref, sentence } of reading.unreadable) report(ref, sentence);
    const schema = dialect.schemaOf?.(value);
    if (!isJsonObject(schema)) return;
    let validate = validators.get(schema);
    if (validate === undefined) {
      validate = compileSchema(schema).validator ?? (() => []);
      validators.set(schema, validate);
    }
    for (const { instancePath, keyword, message, params } of validate(value)) {
      const place = Ref.root.at(...instancePath);
      const unknown = keyword === "additionalProperties" ? String(params.additionalProperty) : undefined;
      if (unknown !== undefined) report(place.at(unknown).key, `"${plain(unknown)}" is not a known key here.`);
      else report(place, `This does not follow the format ${dialect.title}: it ${plain(message, 200)}.`);
    }
  },
};
