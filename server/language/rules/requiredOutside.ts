import type { Tool } from "../../toolcalls/dialects/model.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { Rule } from "./rule.ts";

/** Under which dialects keep the schema of the parameters. */
const SCHEMA_KEYS = ["parameters", "input_schema", "inputSchema"];

export const schemaKeyOf = (written: Tool["written"]): string | undefined =>
  SCHEMA_KEYS.find((key) => isJsonObject(written[key]));

export const requiredOutside: Rule = {
  id: "required-outside-parameters",
  severity: "error",
  title: "`required` beside the parameters",
  documentation: {
    text: "`required` is a keyword of the parameters' schema. Beside `parameters` it means nothing, so every argument is optional and calls without them pass. Move it inside; leave it out where it names nothing, since providers refuse a tool with keys that they do not know.",
    bad: '{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}},"required":["city"]}',
    good: '{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}',
  },
  tool({ name, written, ref, nameRef }, { report }) {
    const { required } = written;
    if (required === undefined || schemaKeyOf(written) === undefined) return;
    const place = (nameRef.parent ?? ref).at("required").key;
    const where = `\`required\` of "${plain(name)}" stands beside its parameters, where it means nothing`;
    if (Array.isArray(required) && required.length > 0) report(place, `${where}; move it inside.`);
    else report(place, `${where}, and it names nothing; leave it out.`, { severity: "warning" });
  },
};
