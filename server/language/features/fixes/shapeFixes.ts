/** Records that do not follow their format: keys it does not know, and calls in the wrapping of another format. */

import { getLocation } from "jsonc-parser";
import { member } from "../../../toolcalls/dialects/read.ts";
import { Ref } from "../../../toolcalls/dialects/ref.ts";
import { plain } from "../../../toolcalls/display.ts";
import { isJsonObject } from "../../../toolcalls/json.ts";
import { changeValues, replaceValue } from "../recordEdits.ts";
import { type Fix, type Fixer, fixes } from "./fix.ts";
import { wrappingFixes } from "./wrapping.ts";

export const recordShapeFixer: Fixer = {
  rule: "record-shape",
  fixes(view, findings) {
    const removals = findings.flatMap(({ span }): Fix[] => {
      const { path, isAtPropertyKey } = getLocation(view.text, span.start + 1);
      const name = path.at(-1);
      if (!isAtPropertyKey || typeof name !== "string") return [];
      const edit = changeValues(view.text, Ref.root, [[path, undefined]]);
      return fixes(span, [[`Remove "${plain(name, 40)}"`, edit]]);
    });
    return [...wrappingFixes(view), ...removals];
  },
};

export const duplicateKeyFixer: Fixer = {
  rule: "duplicate-key",
  /** Parsers keep the last of them, so the record is written as they read it. */
  fixes(view, findings) {
    if (!view.record.hasDuplicateKeys || !(isJsonObject(view.record.value) || member(view.record.value, "length")))
      return [];
    const edit = replaceValue(view.text, Ref.root, JSON.stringify(view.record.value));
    return findings.flatMap(({ span }) => fixes(span, [["Keep only the last of equal keys", edit]]));
  },
};
