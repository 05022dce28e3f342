/**
 * Text typed over a selection. Left to the browser, the new text would keep the colours of the old by a style of its own in the
 * page, which the page's policy forbids.
 */
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

export const typedOver: Extension = EditorView.domEventHandlers({
  beforeinput: ({ inputType, data }, view) => {
    if (data === null || inputType !== "insertText" || view.composing) return false;
    const { from, to } = selected(view);
    if (from === to) return false;
    const insert = () =>
      view.state.update({
        changes: { from, to, insert: data },
        selection: { anchor: from + data.length },
        userEvent: "input.type",
        scrollIntoView: true,
      });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
    return true;
  },
});

/** The editor hears of a selection that was made in the page only later. */
function selected(view: EditorView): { from: number; to: number } {
  const { main } = view.state.selection;
  const selection = document.getSelection();
  const range = selection?.rangeCount ? selection.getRangeAt(0) : undefined;
  if (!main.empty || !range || !view.contentDOM.contains(range.commonAncestorContainer)) return main;
  const from = view.posAtDOM(range.startContainer, range.startOffset);
  return { from, to: view.posAtDOM(range.endContainer, range.endOffset) };
}
