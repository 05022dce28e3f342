import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { Rule } from "./rule.ts";

/** Under which dialects keep the schema of the parameters. */
const SCHEMA_KEYS = ["parameters", "input_schema", "inputSchema"];

export const requiredOutside: Rule = {
  id: "required-outside-parameters",
  severity: "error",
  title: "`required` beside the parameters",
  documentation: {
    text: "`required` is a keyword of the parameters' schema. Beside `parameters` it means nothing, so every argument is optional and calls without them pass. Move it inside.",
    bad: '{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}},"required":["city"]}',
    good: '{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}',
  },
  tool({ name, written, ref, nameRef }, { report }) {
    const { required } = written;
    if (required === undefined || (Array.isArray(required) && required.length === 0)) return;
    if (!SCHEMA_KEYS.some((key) => isJsonObject(written[key]))) return;
    const holder = nameRef.parent ?? ref;
    report(
      holder.at("required").key,
      `\`required\` of "${plain(name)}" stands beside its parameters, where it means nothing; move it inside.`,
    );
  },
};
