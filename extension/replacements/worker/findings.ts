/** What was found at places of a text, as findings at paths of its values: a view shows values, and knows no offsets. */
import { findNodeAtOffset, getNodePath } from "jsonc-parser";
import type { Finding } from "../../../schemas/replacementView.ts";
import { syntaxTree } from "../../../server/toolcalls/syntax.ts";
import type { Mark } from "../messages.ts";

/** A view with more of them helps nobody. */
const MOST = 500;

/** @param text that the marks were made for; where it has changed since, they lie near their places */
export function findingsIn(text: string, marks: readonly Mark[]): Finding[] {
  if (marks.length === 0) return [];
  const root = syntaxTree(text);
  return marks.slice(0, MOST).map(({ from, to, sentence, severity, rule }) => {
    const node = root && findNodeAtOffset(root, Math.min(from, text.length), from === to);
    if (!node) return { path: [], key: false, sentence, severity, rule };
    const { parent } = node;
    // A key and its value have the same path. What is longer than its key is about both.
    const key = parent?.type === "property" && parent.children?.[0] === node && to <= node.offset + node.length;
    return { path: getNodePath(node), key, sentence, severity, rule };
  });
}
