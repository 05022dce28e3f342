/** JSON in CodeMirror: with the language server's findings at their places, and its completions. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, type Extension, Transaction } from "@codemirror/state";
import { EditorView, highlightSpecialChars, type KeyBinding, keymap } from "@codemirror/view";
import { isAtFault } from "../../controls/faults.ts";
import { completionsFrom } from "./completions.ts";
import type { JsonEditor, JsonEditorOptions } from "./contract.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import { sameJson } from "./sameJson.ts";
import { appearance } from "./theme.ts";
import { typedOver } from "./typedOver.ts";

/** A change that no person has made here. */
const shown = Annotation.define<true>();

export function openJsonEditor(options: JsonEditorOptions): JsonEditor {
  const described = new Compartment();
  const attributes = (invalid: boolean): Extension =>
    EditorView.contentAttributes.of({
      "aria-label": options.label,
      "aria-describedby": options.describedBy,
      ...(invalid ? { "aria-invalid": "true" } : {}),
    });
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        EditorView.cspNonce.of(options.nonce),
        appearance,
        typedOver,
        // What a model wrote may turn the direction of a line, or hide.
        highlightSpecialChars(),
        json(),
        history(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        indentUnit.of("  "),
        EditorView.lineWrapping,
        autocompletion({ override: [completionsFrom(options.complete)], icons: false }),
        keymap.of([
          ...ownUndo(options),
          { key: "F8", run: nextDiagnostic },
          ...closeBracketsKeymap,
          ...completionKeymap,
          // Tab is in none of them: it leaves the editor, as it leaves every field.
          ...defaultKeymap,
        ]),
        described.of(attributes(false)),
        EditorView.domEventHandlers({ blur: () => options.blur() }),
        EditorView.updateListener.of(({ docChanged, state, transactions }) => {
          if (!docChanged || transactions.some((transaction) => transaction.annotation(shown))) return;
          options.input(state.doc.toString());
        }),
      ],
    }),
  });
  let invalid = false;
  return {
    show: (text) => showText(view, text),
    mark: (faults) => {
      view.dispatch(setDiagnostics(view.state, diagnosticsOf(view.state, faults)));
      if (isAtFault(faults) === invalid) return;
      invalid = isAtFault(faults);
      view.dispatch({ effects: described.reconfigure(attributes(invalid)) });
    },
    destroy: () => view.destroy(),
  };
}

/**
 * Undo is the file's own, made by the editor around the view. Only what the file does not know yet is taken back here, and
 * the editor around is then not asked.
 */
function ownUndo({ isUnfinished }: JsonEditorOptions): KeyBinding[] {
  const ifOurs =
    (command: typeof undo, depth: typeof undoDepth) =>
    (view: EditorView): boolean =>
      isUnfinished() && depth(view.state) > 0 && command(view);
  const stopPropagation = true;
  return [
    { key: "Mod-z", run: ifOurs(undo, undoDepth), stopPropagation },
    { key: "Mod-y", mac: "Mod-Shift-z", run: ifOurs(redo, redoDepth), stopPropagation },
  ];
}

/** Only what differs is replaced, so that the cursor stays where it is. */
function showText(view: EditorView, text: string): void {
  const before = view.state.doc.toString();
  if (sameJson(before, text)) return;
  const most = Math.min(before.length, text.length);
  let from = 0;
  while (from < most && before[from] === text[from]) from++;
  let same = 0;
  while (same < most - from && before[before.length - 1 - same] === text[text.length - 1 - same]) same++;
  view.dispatch({
    changes: { from, to: before.length - same, insert: text.slice(from, text.length - same) },
    annotations: [shown.of(true), Transaction.addToHistory.of(false)],
  });
}
