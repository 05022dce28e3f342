import { Ref } from "../../toolcalls/dialects/ref.ts";
import { showValue } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { Rule } from "./rule.ts";

export const resultName: Rule = {
  id: "result-name",
  severity: "warning",
  title: "Result of another tool than was called",
  documentation: {
    text: "API-Bank records with each result which API has answered. Where that is another than was called, or none, the dialogue shows the policy an answer of something else; often the API has failed before it knew its name. Correct the name, or leave the turn out.",
    bad: '{"role":"API","api_name":"DeleteAccount","param_dict":{},"result":{"api_name":null,"input":null,"output":null,"exception":"No such user."}}',
    good: '{"role":"API","api_name":"DeleteAccount","param_dict":{},"result":{"api_name":"DeleteAccount","input":{},"output":"success","exception":null}}',
  },
  record({ value }, _reading, { report, dialect }) {
    if (dialect.id !== "api-bank" || !isJsonObject(value) || !isJsonObject(value.result)) return;
    const { api_name: called, result } = value;
    if (result.api_name === called) return;
    const place = Ref.root.at("result");
    if (!Object.hasOwn(result, "api_name")) report(place, "The result does not say whose it is; add `api_name`.");
    else
      report(
        place.at("api_name"),
        `The result is of ${showValue(result.api_name)}, but ${showValue(called)} was called.`,
      );
  },
};
