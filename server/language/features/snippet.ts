/** Snippets of the language server protocol. */

/** What a snippet inserts where nobody fills in its fields: their placeholders and first choices. */
export function snippetText(snippet: string): string {
  let text = "";
  for (let at = 0; at < snippet.length; at++) {
    const rest = snippet.slice(at);
    const escaped = /^\\([\\$}])/.exec(rest);
    const stop = /^\$(?:\d+|\{\d+\})/.exec(rest);
    const choice = /^\$\{\d+\|((?:[^|\\,]|\\.)*)(?:,(?:[^|\\]|\\.)*)?\|\}/.exec(rest);
    const field = /^\$\{\d+:((?:[^}\\]|\\.)*)\}/.exec(rest);
    const match = escaped ?? stop ?? choice ?? field;
    if (match === null) text += snippet.charAt(at);
    else {
      const inner = match[1] ?? "";
      text += match === escaped ? inner : inner.replace(/\\(.)/g, "$1");
      at += match[0].length - 1;
    }
  }
  return text;
}
