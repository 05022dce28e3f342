/** What no other keyword of the schema, nor of the schemas applied beside it, has looked at. */
import { isJsonObject } from "../../json.ts";
import type { KeywordCompiler } from "../compiler.ts";
import { evaluate } from "../node.ts";
import { unknownProperty } from "./objects.ts";

export const unevaluatedKeywords: Record<string, KeywordCompiler> = {
  unevaluatedProperties(keyword) {
    const node = keyword.child(keyword.value);
    const { properties } = keyword.schema;
    const known = new Set(isJsonObject(properties) ? Object.keys(properties) : []);
    keyword.node.lastChecks.push((value, run, evaluated) => {
      if (!isJsonObject(value)) return true;
      let valid = true;
      for (const key of Object.keys(value)) {
        run.spend(1);
        if (evaluated?.properties.has(key)) continue;
        evaluated?.properties.add(key);
        if (keyword.value === false) valid = unknownProperty(keyword, value, key, known, run);
        else if (!run.at(key, () => evaluate(node, value[key], run))) valid = false;
      }
      return valid;
    });
  },

  unevaluatedItems(keyword) {
    const node = keyword.child(keyword.value);
    keyword.node.lastChecks.push((value, run, evaluated) => {
      if (!Array.isArray(value)) return true;
      let valid = true;
      for (let index = evaluated?.prefix ?? 0; index < value.length; index++) {
        run.spend(1);
        if (evaluated?.items.has(index)) continue;
        if (!run.at(index, () => evaluate(node, value[index], run))) valid = false;
      }
      if (evaluated !== undefined) evaluated.prefix = value.length;
      return valid;
    });
  },
};
