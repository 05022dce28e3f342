import type { Rule } from "./rule.ts";

const THOUGHT = /<think>([\s\S]*?)<\/think>/g;

export const tagInThought: Rule = {
  id: "tag-in-thought",
  severity: "warning",
  title: "Call tag inside a thought",
  documentation: {
    text: "A thought quotes <tool_call> or </tool_call>. Parsers of inference servers look for the first tag, thoughts included, and take what follows for a call. Write about the call without its tag.",
    bad: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"<think>I write <tool_call> now.</think>\\n<tool_call>\\n{\\"name\\":\\"get_time\\",\\"arguments\\":{}}\\n</tool_call>"}]}',
    good: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"<think>I call now.</think>\\n<tool_call>\\n{\\"name\\":\\"get_time\\",\\"arguments\\":{}}\\n</tool_call>"}]}',
  },
  sample({ turns, answerText }, _scope, { report, dialect }) {
    // Where one tag is read, several are counted, quoted ones among them.
    if (dialect.callTags === "one") return;
    const texts = turns.filter(({ role }) => role === "assistant");
    for (const { text, ref } of answerText === undefined ? texts : [...texts, answerText]) {
      if (!text.includes("tool_call>")) continue;
      const tag = [...text.matchAll(THOUGHT)].flatMap(
        (thought) => /<\/?tool_call>/.exec(thought[1] ?? "")?.[0] ?? [],
      )[0];
      if (tag !== undefined) report(ref, `A thought quotes ${tag}, which parsers take for a call; leave the tag out.`);
    }
  },
};
