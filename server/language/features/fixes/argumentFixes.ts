/** Arguments that their tool's schema refuses. */
import { plain, showValue } from "../../../toolcalls/display.ts";
import { isJsonObject } from "../../../toolcalls/json.ts";
import { nearest } from "../../../toolcalls/nearest.ts";
import { ToolSchema } from "../../../toolcalls/toolSchema.ts";
import { CheckedCall } from "../../analysis/checkedCall.ts";
import type { PlacedFault } from "../../analysis/placedFault.ts";
import { placeholder } from "../placeholder.ts";
import { changeValues, renameKey, replaceValue, sourceOf } from "../recordEdits.ts";
import type { RecordView } from "../recordView.ts";
import { type Fix, type Fixer, fixes } from "./fix.ts";
import { asType } from "./scalars.ts";

type FaultOf<Kind extends PlacedFault["kind"]> = Extract<PlacedFault, { kind: Kind }>;

function forFaults<Kind extends PlacedFault["kind"]>(
  view: RecordView,
  kind: Kind,
  mend: (fault: FaultOf<Kind>, checked: CheckedCall) => Fix[],
): Fix[] {
  const isWanted = (fault: PlacedFault): fault is FaultOf<Kind> => fault.kind === kind;
  return view.calls().flatMap(({ call, sample }) => {
    const checked = new CheckedCall(call, view.scopeOf(sample));
    return checked.faults.filter(isWanted).flatMap((fault) => mend(fault, checked));
  });
}

export const argumentTypeFixer: Fixer = {
  rule: "argument-type",
  fixes: (view) =>
    forFaults(view, "type", ({ ref, expected, value }) =>
      fixes(
        ref,
        expected.flatMap((type) => {
          const json = asType(value, sourceOf(view.text, ref) ?? "", type);
          return json === undefined ? [] : [[`Write ${plain(json, 40)}`, replaceValue(view.text, ref, json)]];
        }),
      ),
    ),
};

export const argumentEnumFixer: Fixer = {
  rule: "argument-enum",
  fixes: (view) =>
    forFaults(view, "enum", ({ ref, allowed, value }) => {
      if (typeof value !== "string") return [];
      const texts = allowed.filter((one) => typeof one === "string");
      const sameLetters = texts.filter((one) => one.toLowerCase() === value.trim().toLowerCase());
      const meant = sameLetters.length > 0 ? sameLetters : [nearest(value, texts)];
      return fixes(
        ref,
        meant.flatMap((one) =>
          one === undefined ? [] : [[`Write ${showValue(one, 40)}`, replaceValue(view.text, ref, JSON.stringify(one))]],
        ),
      );
    }),
};

export const argumentMissingFixer: Fixer = {
  rule: "argument-missing",
  fixes: (view) =>
    forFaults(view, "missing", ({ ref, name, path }, { tool, call }) => {
      const value = placeholder(schemaAt(tool?.schema.schema, [...path, name]));
      const written = call.alternatives === true ? [value] : value;
      const edit = changeValues(view.text, ref, [[[name], written]]);
      return fixes(ref, [[`Add "${plain(name, 40)}": ${showValue(written, 40)}`, edit]]);
    }),
};

export const argumentUnknownFixer: Fixer = {
  rule: "argument-unknown",
  fixes: (view) =>
    forFaults(view, "unknown", ({ ref, name, absent }) => {
      const meant = nearest(name, absent);
      return fixes(ref.key, [
        ...(meant === undefined
          ? []
          : [
              [`Rename to "${plain(meant, 40)}"`, renameKey(view.text, ref, meant)] as [
                string,
                ReturnType<typeof renameKey>,
              ],
            ]),
        [`Remove "${plain(name, 40)}"`, changeValues(view.text, ref, [[[], undefined]])],
      ]);
    }),
};

/** The schema of a value inside the arguments, where plain keywords say it. */
export function schemaAt(schema: unknown, path: readonly (string | number)[]): unknown {
  let here = schema;
  for (const step of path) {
    if (!isJsonObject(here)) return undefined;
    if (typeof step === "number") here = here.items;
    else here = ToolSchema.of(here).property(step)?.schema;
  }
  return here;
}
