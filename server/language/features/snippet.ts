/** Snippets of the language server protocol. */

export interface FilledSnippet {
  text: string;
  /** Of the field that a person fills in first; at the end where there is none. */
  from: number;
  to: number;
}

/** What a snippet inserts where nobody fills in its fields: their placeholders and first choices. */
export function filledSnippet(snippet: string): FilledSnippet {
  let text = "";
  let first: { number: number; from: number; to: number } | undefined;
  for (let at = 0; at < snippet.length; at++) {
    const rest = snippet.slice(at);
    const escaped = /^\\([\\$}])/.exec(rest);
    const stop = /^\$(?:\d+|\{\d+\})/.exec(rest);
    const choice = /^\$\{\d+\|((?:[^|\\,]|\\.)*)(?:,(?:[^|\\]|\\.)*)?\|\}/.exec(rest);
    const field = /^\$\{\d+:((?:[^}\\]|\\.)*)\}/.exec(rest);
    const match = escaped ?? stop ?? choice ?? field;
    if (match === null) {
      text += snippet.charAt(at);
      continue;
    }
    const from = text.length;
    const inner = match[1] ?? "";
    text += match === escaped ? inner : inner.replace(/\\(.)/g, "$1");
    at += match[0].length - 1;
    if (match === escaped) continue;
    // The last place, $0, comes after all others.
    const number = Number(/\d+/.exec(match[0])?.[0]) || Number.POSITIVE_INFINITY;
    if (first === undefined || number < first.number) first = { number, from, to: text.length };
  }
  const { from, to } = first ?? { from: text.length, to: text.length };
  return { text, from, to };
}
