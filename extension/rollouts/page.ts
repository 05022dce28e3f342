/** The page of the rollout view. Nothing is loaded but what is named here: the policy forbids everything else. */
import type { KeptView } from "../../schemas/rolloutView.ts";

export interface PageParts {
  script: string;
  style: string;
  /** Where styles and fonts may come from. */
  source: string;
  /** Unguessable, and of this page alone. */
  nonce: string;
  runFolder: string;
  title: string;
  /** How the view was left; undefined where nobody knows. */
  kept: KeptView | undefined;
}

export function rolloutPage({ script, style, source, nonce, runFolder, title, kept }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}'`,
    `font-src ${source}`,
    `img-src ${source}`,
  ].join("; ");
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
<body data-run-folder="${escaped(runFolder)}" data-title="${escaped(title)}" data-kept="${escaped(JSON.stringify(kept ?? null))}">
<script nonce="${nonce}" src="${escaped(script)}"></script>
</body>
</html>
`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? "");
