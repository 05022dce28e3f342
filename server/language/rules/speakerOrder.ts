import { items, member, textMember } from "../../toolcalls/dialects/read.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { speakerRole } from "../../toolcalls/dialects/speakers.ts";
import type { Rule } from "./rule.ts";

export const speakerOrder: Rule = {
  id: "speaker-order",
  severity: "warning",
  title: "Speakers of ShareGPT out of order",
  documentation: {
    text: "Behind an optional system message, `human` and `observation` stand on odd places and `gpt` and `function_call` on even ones. LLaMA-Factory drops a row where they do not, with one line in its log. Several calls of one turn stand as a list in one `function_call`.",
    bad: '{"conversations":[{"from":"human","value":"Time?"},{"from":"gpt","value":"One moment."},{"from":"function_call","value":"{\\"name\\":\\"get_time\\",\\"arguments\\":{}}"}],"tools":"[]"}',
    good: '{"conversations":[{"from":"human","value":"Time?"},{"from":"function_call","value":"{\\"name\\":\\"get_time\\",\\"arguments\\":{}}"},{"from":"observation","value":"12:00"},{"from":"gpt","value":"It is noon."}],"tools":"[]"}',
  },
  record({ value }, _reading, { report, dialect }) {
    if (dialect.id !== "sharegpt") return;
    const turns = items(member(value, "conversations"), Ref.root.at("conversations"));
    const led = speakerRole(textMember(turns[0]?.item, "from") ?? "") === "system" ? 1 : 0;
    for (const [index, { item, ref }] of turns.slice(led).entries()) {
      const role = speakerRole(textMember(item, "from") ?? "");
      if (role === undefined || role === "system") continue;
      const odd = index % 2 === 0;
      if ((role === "user" || role === "tool") === odd) continue;
      const wanted = odd ? "human or observation" : "gpt or function_call";
      report(ref.at("from"), `On place ${index + 1} of the conversation ${wanted} has to speak; the row is dropped.`);
      // What follows is shifted by this one.
      return;
    }
  },
};
