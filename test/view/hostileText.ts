/** Text as a policy may write it: markup, terminal codes, bidirectional marks, broken UTF-16, tags inside tags, a megabyte. */

/** What tells an element, or a script that ran, as theirs. */
export const THEIRS = "theirs";

const MARKUP = `<img id="${THEIRS}" src=x onerror="globalThis.${THEIRS}=1"><script id="${THEIRS}">globalThis.${THEIRS}=1</script><svg id="${THEIRS}" onload="globalThis.${THEIRS}=1"><a id="${THEIRS}" href="javascript:globalThis.${THEIRS}=1">`;

const UNSEEN = "\u0000\u001b[31m\u001b]8;;file:///etc/passwd\u0007\u202e\u2066\u200b\ufeff\u2028\ud800";

const NESTED = "</pre></textarea><think><tool_call><tool_call>{</think></tool_call><examples>";

/** Short enough for a name. */
export const HOSTILE_NAME = `${MARKUP}${UNSEEN}`;

export const HOSTILE_LINE = `${HOSTILE_NAME}${NESTED}`;

export const HOSTILE_MEGABYTE = `${HOSTILE_LINE}${"y".repeat(500_000)}${"\u202e".repeat(250_000)}${"<b>".repeat(80_000)}`;

/** What no view may put on the page as it is; a shown control has a picture, U+2400 and on. */
export const UNSEEN_PATTERN = String.raw`(?![\n\t\r])[\p{Cc}\p{Cs}\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]`;
