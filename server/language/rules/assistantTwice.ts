import type { Rule } from "./rule.ts";

export const assistantTwice: Rule = {
  id: "assistant-twice",
  severity: "warning",
  title: "Two turns of the assistant in a row",
  documentation: {
    text: "Between two turns of the assistant stands nobody's word. Fine-tuning services refuse such conversations, and chat templates that expect roles to alternate raise an error. Put both into one turn, or add what stood between them: often a tool's result was merged into the reply.",
    bad: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"One moment."},{"role":"assistant","content":"It is noon."}]}',
    good: '{"messages":[{"role":"user","content":"Time?"},{"role":"assistant","content":"One moment. It is noon."}]}',
  },
  sample({ turns }, _scope, { report, dialect }) {
    // The order of ShareGPT's speakers has a rule of its own.
    if (dialect.id === "sharegpt") return;
    for (const [index, turn] of turns.entries()) {
      if (turn.role !== "assistant" || turns[index - 1]?.role !== "assistant") continue;
      report(
        turn.ref,
        "The assistant has spoken just before; put both turns into one, or add what stood between them.",
      );
    }
  },
};
