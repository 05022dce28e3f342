import { sameValue } from "../../toolcalls/compare.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { Rule } from "./rule.ts";

export const resultInput: Rule = {
  id: "result-input",
  severity: "warning",
  title: "Result of other arguments than were given",
  documentation: {
    text: "API-Bank records with each result the input that the API has seen. Where it differs from the arguments of the call, the API was run with others, often with the strings turned into numbers and lists: what the policy learns to write is not what was executed. Write the arguments as they were executed.",
    bad: '{"role":"API","api_name":"BookHotel","param_dict":{"rooms":"1"},"result":{"api_name":"BookHotel","input":{"rooms":1},"output":"11","exception":null}}',
    good: '{"role":"API","api_name":"BookHotel","param_dict":{"rooms":1},"result":{"api_name":"BookHotel","input":{"rooms":1},"output":"11","exception":null}}',
  },
  record({ value }, _reading, { report, dialect }) {
    if (dialect.id !== "api-bank" || !isJsonObject(value) || !isJsonObject(value.result)) return;
    const { param_dict: given, result } = value;
    if (!isJsonObject(given) || !Object.hasOwn(result, "input") || sameValue(given, result.input)) return;
    const { input } = result;
    const place = Ref.root.at("result", "input");
    if (!isJsonObject(input)) {
      report(place, "This is not the input of the call; write the arguments that were given.");
      return;
    }
    const names = [...new Set([...Object.keys(given), ...Object.keys(input)])];
    const other = names.filter((name) => !sameValue(given[name], input[name])).map((name) => `"${plain(name)}"`);
    report(place, `The result is of other arguments than the call gives: ${other.slice(0, 5).join(", ")}.`);
  },
};
