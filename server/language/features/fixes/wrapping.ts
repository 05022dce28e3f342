/** Calls with and without the `function` around them. */

import { decode, member, textMember } from "../../../toolcalls/dialects/read.ts";
import { Ref } from "../../../toolcalls/dialects/ref.ts";
import { isJsonObject } from "../../../toolcalls/json.ts";
import { replaceValue, sourceOf } from "../recordEdits.ts";
import type { RecordView } from "../recordView.ts";
import { type Fix, fixes } from "./fix.ts";

/** The other wrapping of each call that stands in a list of the record, at any depth. */
export function wrappingFixes(view: RecordView): Fix[] {
  const found: Fix[] = [];
  const walk = (value: unknown, ref: Ref, depth: number): void => {
    if (depth > 8) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        found.push(...fixesOf(view, item, ref.at(index)));
        walk(item, ref.at(index), depth + 1);
      }
    } else if (isJsonObject(value)) for (const key of Object.keys(value)) walk(value[key], ref.at(key), depth + 1);
  };
  walk(view.record.value, Ref.root, 0);
  return found;
}

function fixesOf(view: RecordView, item: unknown, ref: Ref): Fix[] {
  const inner = member(item, "function");
  if (textMember(inner, "name") !== undefined && member(inner, "arguments") !== undefined) {
    const { value, ref: place } = decode(member(inner, "arguments"), ref.at("function", "arguments"));
    const name = sourceOf(view.text, ref.at("function", "name"));
    const values = isJsonObject(value) ? sourceOf(view.text, place) : undefined;
    if (name === undefined || values === undefined) return [];
    const bare = `{"name":${name},"arguments":${values}}`;
    return fixes(ref, [["Take the call out of its `function`", replaceValue(view.text, ref, bare)]]);
  }
  if (textMember(item, "name") === undefined || member(item, "arguments") === undefined) return [];
  const source = sourceOf(view.text, ref);
  if (source === undefined) return [];
  const wrapped = `{"type":"function","function":${source}}`;
  return fixes(ref, [["Put the call into a `function`", replaceValue(view.text, ref, wrapped)]]);
}
