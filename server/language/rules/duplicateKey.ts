import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const duplicateKey: Rule = {
  id: "duplicate-key",
  severity: "error",
  title: "Key twice in one object",
  documentation: {
    text: "JSON readers disagree on which of two equal keys holds: most keep the last, some the first, some refuse the record. What is trained on then depends on the reader. Keep one of them.",
    bad: '{"name":"get_weather","arguments":{"city":"Oslo","city":"Rome"}}',
    good: '{"name":"get_weather","arguments":{"city":"Rome"}}',
  },
  record(record, _reading, { report }) {
    if (!record.hasDuplicateKeys) return;
    const { tape } = record.locator;
    for (const { index } of tape.duplicateKeys()) {
      const key = tape.key(index);
      if (key === undefined) continue;
      const name = plain(tape.keyText(index) ?? "");
      report(key, `The key "${name}" stands twice in this object; keep one of them.`);
    }
  },
};
