/** The language server's completions as CodeMirror's. */
import type { CompletionSource, Completion as Option } from "@codemirror/autocomplete";
import type { Completion } from "../../../schemas/replacementView.ts";
import type { JsonEditorOptions } from "./contract.ts";

export const completionsFrom =
  (complete: JsonEditorOptions["complete"]): CompletionSource =>
  async ({ state, pos, explicit, aborted }) => {
    const text = state.doc.toString();
    // Within a word that was begun, or where one may begin; elsewhere only who asks wants to know.
    if (!explicit && !/["{,:\w][ \t]*$/.test(text.slice(0, pos))) return null;
    const items = await complete(text, pos).catch(() => []);
    if (aborted) return null;
    const fitting = items.filter((item) => fits(item, text, pos));
    const from = Math.min(pos, ...fitting.map((item) => item.from));
    // What the server offers for the text as it is now has been chosen by what stands there.
    return fitting.length === 0 ? null : { from, options: fitting.map(optionOf), filter: false };
  };

/** Whether what is typed already is part of what it would become. */
function fits({ label, from }: Completion, text: string, pos: number): boolean {
  const typed = text.slice(from, pos).replaceAll('"', "").trim().toLowerCase();
  return label.toLowerCase().includes(typed);
}

const optionOf = ({ label, kind, detail, from, to, insert, select }: Completion): Option => ({
  label,
  type: kind === "member" ? "property" : "constant",
  ...(detail === "" ? {} : { info: detail.slice(0, 1000) }),
  apply: (view) =>
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + select[0], head: from + select[1] },
      userEvent: "input.complete",
    }),
});
