/** The page of a view. Nothing is loaded but what is named here: the policy forbids everything else. */

export interface PageParts {
  script: string;
  style: string;
  /** Where styles and fonts may come from. */
  source: string;
  /** Unguessable, and of this page alone. */
  nonce: string;
  title: string;
  /** What the script finds in `document.body.dataset`; the names as attributes write them, `run-folder`. */
  data?: Readonly<Record<string, string>>;
}

export function viewPage({ script, style, source, nonce, title, data = {} }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}'`,
    `font-src ${source}`,
    `img-src ${source}`,
  ].join("; ");
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${escaped(value)}"`);
  // The toolkit's element library reads its nonce from the meta element of this name.
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}" nonce="${nonce}">
<link rel="stylesheet" nonce="${nonce}" href="${escaped(style)}">
<title>${escaped(title)}</title>
</head>
<body${attributes.join("")}>
<script nonce="${nonce}" src="${escaped(script)}"></script>
</body>
</html>
`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? "");
