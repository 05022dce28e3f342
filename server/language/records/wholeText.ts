/** Files that are one chat as a template renders it (Hermes, Qwen): no JSON around the text at all. */

/** What such a text has near its beginning and JSON has only inside strings. */
const MARKS = /<\|im_start\|>|<tools>|<tool_call>/;
const HEAD = 16_384;

/** Whether a record is such a text. It takes one look at the first sign to tell that nearly all are not. */
export function isWholeText(text: string): boolean {
  let at = 0;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  const first = text.charAt(at);
  if (first === "{" || first === "[" || first === '"' || first === "") return false;
  return MARKS.test(text.slice(at, at + HEAD));
}
