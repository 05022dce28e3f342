/** CodeMirror in the editor's colours. Its own marks are pictures in the style sheet, which the page's policy forbids. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** No text decoration: the browser takes that over into text that is typed beside it, by a style that the policy forbids too. */
const underlined = (color: string) => ({ backgroundImage: "none", borderBottom: `2px dotted ${color}` });

const theme = EditorView.theme({
  "&": {
    color: "var(--vscode-editor-foreground, var(--vscode-foreground))",
    backgroundColor: "var(--vscode-input-background)",
    border: "1px solid var(--vscode-input-border, var(--vscode-panel-border, transparent))",
    borderRadius: "2px",
    fontSize: "var(--vscode-editor-font-size, 12px)",
  },
  "&.cm-focused": { outline: "1px solid var(--vscode-focusBorder)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", maxHeight: "60vh", lineHeight: "1.45" },
  ".cm-content": { caretColor: "var(--vscode-editorCursor-foreground, currentcolor)", padding: "4px 0" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--vscode-editorBracketMatch-background, transparent)",
    outline: "1px solid var(--vscode-editorBracketMatch-border, currentcolor)",
  },
  ".cm-lintRange-error": underlined("var(--vscode-editorError-foreground, var(--bad))"),
  ".cm-lintRange-warning": underlined("var(--vscode-editorWarning-foreground, var(--cut))"),
  ".cm-lintRange-info, .cm-lintRange-hint": underlined("var(--vscode-editorInfo-foreground, currentcolor)"),
  ".cm-lintRange-active": { backgroundColor: "var(--vscode-editor-hoverHighlightBackground, transparent)" },
  ".cm-tooltip": {
    color: "var(--vscode-editorHoverWidget-foreground, inherit)",
    backgroundColor: "var(--vscode-editorHoverWidget-background, var(--vscode-editor-background))",
    border: "1px solid var(--vscode-editorHoverWidget-border, var(--vscode-contrastBorder, var(--line)))",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)",
    fontSize: "var(--vscode-editor-font-size, 12px)",
    color: "var(--vscode-editorSuggestWidget-foreground, inherit)",
    backgroundColor: "var(--vscode-editorSuggestWidget-background, transparent)",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--vscode-editorSuggestWidget-selectedForeground, inherit)",
    backgroundColor:
      "var(--vscode-editorSuggestWidget-selectedBackground, var(--vscode-list-activeSelectionBackground))",
    outline: "1px solid var(--vscode-contrastActiveBorder, transparent)",
    outlineOffset: "-1px",
  },
  ".cm-completionMatchedText": {
    color: "var(--vscode-editorSuggestWidget-highlightForeground, inherit)",
    textDecoration: "none",
    fontWeight: "bold",
  },
  ".cm-diagnostic": { borderInlineStart: "none", padding: "4px 8px", maxWidth: "60ch", overflowWrap: "anywhere" },
  ".cm-diagnosticSource": { color: "var(--dim)" },
});

const highlight = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--vscode-debugTokenExpression-name, inherit)" },
  { tag: tags.string, color: "var(--vscode-debugTokenExpression-string, inherit)" },
  { tag: tags.number, color: "var(--vscode-debugTokenExpression-number, inherit)" },
  { tag: [tags.bool, tags.null], color: "var(--vscode-debugTokenExpression-boolean, inherit)" },
]);

export const appearance: Extension = [theme, syntaxHighlighting(highlight)];
