import { countCallTags } from "../../toolcalls/dialects/taggedCalls.ts";
import type { Rule } from "./rule.ts";

export const severalCallTags: Rule = {
  id: "several-call-tags",
  severity: "warning",
  title: "Several <tool_call> tags where one is read",
  documentation: {
    text: "This format puts all calls into one <tool_call> block, a line for each. Its reward reads what stands behind the first tag, also where that tag is quoted in the thoughts, so the calls of another block are lost and the gold itself gets no reward.",
    bad: '{"instruction":"**Available Tools**","input":"","output":"<tool_call>\\n{\\"name\\":\\"a\\",\\"parameters\\":{}}\\n</tool_call>\\n<tool_call>\\n{\\"name\\":\\"b\\",\\"parameters\\":{}}\\n</tool_call>"}',
    good: '{"instruction":"**Available Tools**","input":"","output":"<tool_call>\\n{\\"name\\":\\"a\\",\\"parameters\\":{}}\\n{\\"name\\":\\"b\\",\\"parameters\\":{}}\\n</tool_call>"}',
  },
  sample({ answerText }, _scope, { report, dialect }) {
    if (answerText === undefined || dialect.callTags !== "one") return;
    const count = countCallTags(answerText.text);
    if (count < 2) return;
    report(
      answerText.ref,
      `${count} <tool_call> tags stand here, thoughts included, but only what follows the first is read; keep one.`,
    );
  },
};
