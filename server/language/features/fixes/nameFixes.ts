/** Names of tools that are offered twice, or that nobody defines. */

import { KEY } from "../../../toolcalls/dialects/ref.ts";
import { plain } from "../../../toolcalls/display.ts";
import { nearest } from "../../../toolcalls/nearest.ts";
import { changeValues, renameKey, renameWord, replaceValue } from "../recordEdits.ts";
import { type Fixer, fixes } from "./fix.ts";

export const unknownToolFixer: Fixer = {
  rule: "unknown-tool",
  uncovers: "argument-",
  fixes: (view) =>
    view.calls().flatMap(({ call: { name, nameRef }, sample }) => {
      const scope = view.scopeOf(sample);
      const meant = name === "" || scope.find(name) !== undefined ? undefined : nearest(name, scope.names());
      if (meant === undefined) return [];
      const edit =
        nameRef.step === KEY && nameRef.parent !== undefined
          ? renameKey(view.text, nameRef.parent, meant)
          : (renameWord(view.text, nameRef, name, meant) ?? replaceValue(view.text, nameRef, JSON.stringify(meant)));
      return fixes(nameRef, [[`Write "${plain(meant, 40)}"`, edit]]);
    }),
};

export const duplicateToolFixer: Fixer = {
  rule: "duplicate-tool",
  fixes: (view) =>
    view.samples().flatMap(({ sample: { offer } }) => {
      if (offer.kind !== "named") return [];
      const seen = new Set<string>();
      return offer.names.flatMap(({ name, ref }) => {
        const again = seen.has(name);
        seen.add(name);
        if (!again) return [];
        return fixes(ref, [["Remove it", changeValues(view.text, ref, [[[], undefined]])]]);
      });
    }),
};
