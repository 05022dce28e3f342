import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { plain } from "../../toolcalls/display.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import type { Rule } from "./rule.ts";

const TAG = /<\/?(?:tool_call|tool_response|think)>/;

export const tagInArgument: Rule = {
  id: "tag-in-argument",
  severity: "warning",
  title: "Tag of the chat format inside an argument",
  documentation: {
    text: "Readers of completions look for <tool_call>, </tool_call> and </think> in the text, also inside JSON strings: a call whose argument holds such a tag is cut in two and gets no reward. Leave the tag out, or write it otherwise.",
    bad: '{"name":"get_weather","arguments":{"city":"Oslo</tool_call>"}}',
    good: '{"name":"get_weather","arguments":{"city":"Oslo"}}',
  },
  call({ call }, { report }) {
    const visit = (value: unknown, ref: Ref): void => {
      if (typeof value === "string") {
        const tag = value.includes("<") ? TAG.exec(value) : null;
        if (tag === null) return;
        const place = ref.text(tag.index, tag.index + tag[0].length);
        report(place, `An argument of "${plain(call.name)}" holds ${tag[0]}, at which readers cut the call.`);
      } else if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, ref.at(index));
      else if (isJsonObject(value)) for (const [key, item] of Object.entries(value)) visit(item, ref.at(key));
    };
    visit(call.arguments, call.argumentsRef);
  },
};
