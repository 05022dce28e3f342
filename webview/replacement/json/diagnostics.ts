/** Faults of a value's parts at their places in its text. */
import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import type { Diagnostic } from "@codemirror/lint";
import type { EditorState } from "@codemirror/state";
import type { SyntaxNode, Tree } from "@lezer/common";
import type { PlacedFault } from "../client/faults.ts";

const severities = { error: "error", warning: "warning", information: "info", hint: "hint" } as const;

/** @param faults with paths from the value that the text is of */
export function diagnosticsOf(state: EditorState, faults: readonly PlacedFault[]): Diagnostic[] {
  if (faults.length === 0) return [];
  // By itself the editor has read what took it 20 ms at most, and of a new text 3,000 characters: faults of what lies behind
  // would stand at the beginning, and stay there. To its end it is read once, a second for a megabyte; edits read what they change.
  const tree = ensureSyntaxTree(state, state.doc.length, Number.POSITIVE_INFINITY) ?? syntaxTree(state);
  return faults.map(({ path, key, sentence, severity, rule }) => {
    const { from, to } = placeOf(state, tree, path, key);
    return { from, to, message: sentence, severity: severities[severity], ...(rule ? { source: rule } : {}) };
  });
}

/** What is lacking is told at the bracket that it would stand behind, and what has no place at the beginning. */
function placeOf(
  state: EditorState,
  tree: Tree,
  path: PlacedFault["path"],
  key: boolean,
): { from: number; to: number } {
  let node = tree.topNode.firstChild;
  let name: SyntaxNode | null = null;
  for (const step of path) {
    name = null;
    if (typeof step === "number") node = valuesIn(node)[step] ?? null;
    else {
      // Of members of one name, the last is the value.
      const member = node?.getChildren("Property").findLast((one) => nameOf(state, one) === step);
      name = member?.getChild("PropertyName") ?? null;
      node = member?.lastChild ?? null;
    }
    if (!node) break;
  }
  const marked = key ? (name ?? node) : node;
  if (!marked) return { from: 0, to: Math.min(1, state.doc.length) };
  const isGroup = marked.name === "Object" || marked.name === "Array";
  return { from: marked.from, to: isGroup ? marked.from + 1 : marked.to };
}

const VALUES = new Set(["Object", "Array", "String", "Number", "True", "False", "Null"]);

function valuesIn(list: SyntaxNode | null): SyntaxNode[] {
  const values: SyntaxNode[] = [];
  for (let node = list?.firstChild; node; node = node.nextSibling) if (VALUES.has(node.name)) values.push(node);
  return values;
}

function nameOf(state: EditorState, member: SyntaxNode): unknown {
  const name = member.getChild("PropertyName");
  if (!name) return undefined;
  try {
    return JSON.parse(state.sliceDoc(name.from, name.to));
  } catch {
    return undefined;
  }
}
