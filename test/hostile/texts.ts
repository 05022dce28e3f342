/** Text as a model, a data set or a file name may have it, each with what some surface would make of it. */

export const TEXTS: Readonly<Record<string, string>> = {
  "a link that runs a command":
    "[Fix it](command:workbench.action.terminal.sendSequence?%7B%22text%22%3A%22rm%20-rf%22%7D)",
  "a picture that is fetched": "![seen](https://example.org/seen.png)",
  icons: "$(check) $(sync~spin)",
  markup: '<img src=x onerror="alert(1)"><script>alert(1)</script><a href="command:x">y</a>',
  "terminal codes":
    "\u001b]0;title\u0007\u001b[31mred\u001b[0m\u001b]8;;file:///etc/passwd\u0007here\u001b]8;;\u0007\u009b2J\u007f",
  "marks that reorder": "\u202egnp.exe\u2066\u200b\ufeff\u2028",
  "a forged line": "all is well\r\n2026-01-01 00:00:00.000 [info] Activated\nrun: finished",
  fences: "``` \n```\n# heading `code` ~~~",
  "a snippet": `$${"{1:$CLIPBOARD}"} $TM_FILEPATH`,
  "broken UTF-16": "\ud800 \udfff",
};

export const HOSTILE = Object.values(TEXTS).join(" ");

/** What no surface may hand on: what a terminal, an editor or a reader of logs obeys. Line breaks only where a text has lines. */
export const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
export const OBEYED_IN_LINES = /(?![\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** In messages and progress. */
export const LINK = /\[[^\]]*\]\([^)\s]/;
/** In pickers, lenses and the status bar. */
export const ICON = /\$\(/;
