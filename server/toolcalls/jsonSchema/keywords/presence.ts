/** Which properties an object must have. */
import { isJsonObject } from "../../json.ts";
import type { KeywordCompiler, KeywordInSchema } from "../compiler.ts";
import { quote } from "../words.ts";

/** Adds the checks that an object has these properties; `when` names a property without which they are not needed. */
export function requireAll(keyword: KeywordInSchema, names: string[], steps: string[], when?: string): void {
  const path = [...keyword.path, ...steps];
  keyword.node.checks.push((value, run) => {
    if (!isJsonObject(value) || (when !== undefined && !Object.hasOwn(value, when))) return true;
    run.spend(names.length >> 3);
    let valid = true;
    for (const name of names) {
      if (Object.hasOwn(value, name)) continue;
      const because = when === undefined ? "" : `, which ${quote(when)} needs beside it`;
      const message = () => `The required property ${quote(name)} is missing${because}.`;
      valid = run.fail(path, keyword.name, message, () => ({ missingProperty: name, ...(when && { property: when }) }));
    }
    return valid;
  });
}

export const presenceKeywords: Record<string, KeywordCompiler> = {
  required(keyword) {
    const names = keyword.strings();
    if (names !== undefined) requireAll(keyword, names, []);
  },
};

export const dependentKeywords: Record<string, KeywordCompiler> = {
  dependentRequired(keyword) {
    if (!isJsonObject(keyword.value)) return keyword.malformed("an object of arrays of strings");
    for (const [property, names] of Object.entries(keyword.value)) {
      if (Array.isArray(names) && names.every((name) => typeof name === "string"))
        requireAll(keyword, names, [property], property);
      else
        keyword.report(`"${property}" must be an array of strings, not ${quote(names)}; it is ignored.`, {}, property);
    }
  },
};
