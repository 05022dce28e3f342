/** Tools' schemas that validators refuse or misread. */

import { sameValue } from "../../../toolcalls/compare.ts";
import { member } from "../../../toolcalls/dialects/read.ts";
import type { Ref } from "../../../toolcalls/dialects/ref.ts";
import { namedType, typesNamed } from "../../../toolcalls/dialects/typeNames.ts";
import { plain, showValue } from "../../../toolcalls/display.ts";
import { isJsonObject, parseExactJson } from "../../../toolcalls/json.ts";
import { nearest } from "../../../toolcalls/nearest.ts";
import { forEachSchema, type SchemaNode } from "../../analysis/schemaNodes.ts";
import { schemaKeyOf } from "../../rules/requiredOutside.ts";
import { type Change, changeValues, replaceValue, sourceOf } from "../recordEdits.ts";
import type { RecordView } from "../recordView.ts";
import { type Fix, type Fixer, fixes } from "./fix.ts";
import { asType } from "./scalars.ts";

const schemaFixer = (
  rule: string,
  mend: (node: SchemaNode, view: RecordView) => Fix[],
  rewords: readonly string[] = [],
): Fixer => ({
  rule,
  rewords,
  fixes(view) {
    const found: Fix[] = [];
    for (const tool of view.tools()) forEachSchema(tool, (node) => found.push(...mend(node, view)));
    return found;
  },
});

/** Whether the very value stands at the place: some formats say in one text what a schema says in many members. */
function isWritten(view: RecordView, place: Ref, value: unknown): boolean {
  const source = sourceOf(view.text, place);
  return source !== undefined && sameValue(parseExactJson(source), value);
}

export const schemaTypeNameFixer = schemaFixer(
  "schema-type-name",
  ({ schema, ref }, view) => {
    const { type } = schema;
    if (typeof type !== "string") return [];
    const meant = namedType(type)?.schema;
    if (meant === undefined || meant.type === type) return [];
    const changes: Change[] = [[["type"], meant.type]];
    if (meant.items !== undefined && schema.items === undefined) changes.push([["items"], meant.items]);
    if (meant.anyOf !== undefined && schema.anyOf === undefined) changes.push([["anyOf"], meant.anyOf]);
    const title =
      meant.type === undefined ? `Leave out the type ${showValue(type, 40)}` : `Write ${showValue(meant.type)}`;
    return fixes(ref("type"), [[title, changeValues(view.text, ref(), changes)]]);
  },
  ["default-null", "default-type", "enum-type"],
);

export const optionalKeywordFixer = schemaFixer("schema-optional-keyword", ({ schema, ref }, view) =>
  schema.optional === undefined || !isWritten(view, ref("optional"), schema.optional)
    ? []
    : fixes(ref("optional").key, [["Remove `optional`", changeValues(view.text, ref("optional"), [[[], undefined]])]]),
);

export const defaultNullFixer = schemaFixer("default-null", ({ schema, ref }, view) =>
  schema.default !== null || !isWritten(view, ref("default"), null)
    ? []
    : fixes(ref("default"), [["Remove the default", changeValues(view.text, ref("default"), [[[], undefined]])]]),
);

export const defaultTypeFixer = schemaFixer("default-type", ({ schema, ref }, view) => {
  const { type, default: value } = schema;
  const place = ref("default");
  if (value === undefined || !isWritten(view, place, value)) return [];
  const typed = typesNamed(type).flatMap((one) => asType(value, sourceOf(view.text, place) ?? "", one) ?? []);
  return fixes(place, [
    ...typed.map((json): [string, ReturnType<typeof replaceValue>] => [
      `Write ${plain(json, 40)}`,
      replaceValue(view.text, place, json),
    ]),
    ["Remove the default", changeValues(view.text, place, [[[], undefined]])],
  ]);
});

export const enumTypeFixer = schemaFixer("enum-type", ({ schema, ref }, view) => {
  if (!Array.isArray(schema.enum) || !isWritten(view, ref("enum"), schema.enum)) return [];
  const [type] = typesNamed(schema.type);
  if (type === undefined) return [];
  const values = schema.enum.map((value: unknown, index) =>
    asType(value, sourceOf(view.text, ref("enum", index)) ?? "", type),
  );
  const kept = schema.enum.map((_, index) => sourceOf(view.text, ref("enum", index)) ?? "null");
  const json = `[${values.map((value, index) => value ?? kept[index]).join(",")}]`;
  return fixes(ref("enum"), [[`Write ${plain(json, 40)}`, replaceValue(view.text, ref("enum"), json)]]);
});

export const arrayItemsFixer = schemaFixer("array-items", ({ schema, ref }, view) =>
  isWritten(view, ref("type"), schema.type)
    ? fixes(
        ref("type"),
        ["string", "number", "object"].map((type) => [
          `Add items of type "${type}"`,
          changeValues(view.text, ref(), [[["items"], { type }]]),
        ]),
      )
    : [],
);

export const requiredUnknownFixer = schemaFixer("required-unknown", ({ schema, ref }, view) => {
  const { required, properties = {} } = schema;
  if (!Array.isArray(required) || !isJsonObject(properties)) return [];
  const left = Object.keys(properties).filter((name) => !required.includes(name));
  return required.flatMap((name: unknown, index) => {
    if (typeof name !== "string" || Object.hasOwn(properties, name)) return [];
    const place = ref("required", index);
    if (!isWritten(view, place, name)) return [];
    const meant = nearest(name, left);
    return fixes(place, [
      ...(meant === undefined
        ? []
        : ([[`Write "${plain(meant, 40)}"`, replaceValue(view.text, place, JSON.stringify(meant))]] as const).map(
            ([title, edit]): [string, typeof edit] => [title, edit],
          )),
      [`Remove "${plain(name, 40)}" from \`required\``, changeValues(view.text, place, [[[], undefined]])],
    ]);
  });
});

export const requiredOutsideFixer: Fixer = {
  rule: "required-outside-parameters",
  fixes: (view) =>
    view.tools().flatMap(({ written, ref, nameRef }) => {
      const { required } = written;
      const key = schemaKeyOf(written);
      if (required === undefined || key === undefined) return [];
      const holder = nameRef.parent ?? ref;
      const place = holder.at("required").key;
      const removed: Change = [["required"], undefined];
      if (!Array.isArray(required) || required.length === 0)
        return fixes(place, [["Remove `required`", changeValues(view.text, holder, [removed])]]);
      const before = member(written[key], "required");
      const names = [...new Set([...(Array.isArray(before) ? before : []), ...required])];
      const edit = changeValues(view.text, holder, [removed, [[key, "required"], names]]);
      return fixes(place, [["Move `required` into the parameters", edit]]);
    }),
};

/** The declared types, by JSON Schema's names. */
