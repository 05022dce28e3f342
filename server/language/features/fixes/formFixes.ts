/** Arguments as an object, as JSON in a string, or not at all, where the dialect wants them otherwise. */
import type { ArgumentsForm, Call } from "../../../toolcalls/dialects/model.ts";
import type { Ref } from "../../../toolcalls/dialects/ref.ts";
import { oneLine } from "../oneLine.ts";
import { changeValues, replaceValue, sourceOf } from "../recordEdits.ts";
import type { RecordView } from "../recordView.ts";
import { type Fix, type Fixer, fixes } from "./fix.ts";

export const argumentsFormFixer: Fixer = {
  rule: "arguments-form",
  fixes: (view) => view.calls().flatMap(({ call }) => rewritten(view, call, call.wanted)),
};

/** The call's arguments in each of these forms that they do not have. */
export function rewritten(view: RecordView, call: Call, wanted: readonly ArgumentsForm[]): Fix[] {
  const { form, argumentsRef } = call;
  if (form !== "object" && form !== "string" && form !== "string-in-string") return [];
  const source = sourceOf(view.text, argumentsRef);
  const written = holder(argumentsRef, form);
  if (source === undefined || written === undefined) return [];
  const place = form === "object" ? argumentsRef : call.ref;
  return wanted
    .filter((one) => one !== form)
    .flatMap((one) => {
      if (one === "object")
        return fixes(place, [["Write the arguments as an object", replaceValue(view.text, written, source)]]);
      if (one !== "string") return [];
      const text = JSON.stringify(oneLine(source));
      return fixes(place, [["Write the arguments as JSON in a string", replaceValue(view.text, written, text)]]);
    });
}

/** The member itself, outside the strings that hold its JSON. */
function holder(argumentsRef: Ref, form: ArgumentsForm): Ref | undefined {
  if (form === "object") return argumentsRef;
  return form === "string" ? argumentsRef.parent : argumentsRef.parent?.parent;
}

export const argumentsNotObjectFixer: Fixer = {
  rule: "arguments-not-object",
  uncovers: "argument-",
  fixes: (view) =>
    view.calls().flatMap(({ call: { form, ref, argumentsRef, nameRef } }) => {
      if (form === "not-object")
        return fixes(argumentsRef, [["Write {}", replaceValue(view.text, argumentsRef, "{}")]]);
      if (form !== "absent" || nameRef.parent === undefined) return [];
      const edit = changeValues(view.text, nameRef.parent, [[["arguments"], {}]]);
      return fixes(ref, [["Add empty arguments", edit]]);
    }),
};
