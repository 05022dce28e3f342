import { plain } from "../../toolcalls/display.ts";
import type { Rule } from "./rule.ts";

export const argumentsForm: Rule = {
  id: "arguments-form",
  severity: "error",
  title: "Arguments in the wrong form",
  documentation: {
    text: "Some formats want the arguments as an object, others as JSON in a string. The wrong form is encoded once more by the next program, so that the policy learns a string full of backslashes. Arguments that are encoded twice are wrong everywhere.",
    bad: '{"name":"get_weather","arguments":"{\\"city\\": \\"Oslo\\"}"}',
    good: '{"name":"get_weather","arguments":{"city":"Oslo"}}',
  },
  call({ call }, { report, dialect }) {
    const { form, wanted } = call;
    if (wanted.length === 0 || wanted.includes(form)) return;
    const name = plain(call.name);
    const data = { form, wanted: [...wanted] };
    const ref = form === "object" ? call.argumentsRef : call.ref;
    if (form === "string-in-string")
      report(ref, `The arguments of "${name}" are encoded twice; encode them once, or not at all.`, { data });
    else if (form === "object")
      report(ref, `The arguments of "${name}" are an object, but ${dialect.title} wants JSON in a string.`, { data });
    else if (form === "string")
      report(ref, `The arguments of "${name}" are JSON in a string, but ${dialect.title} wants an object.`, { data });
  },
};
