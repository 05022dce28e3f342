/** Text of files, which may hold anything, in Markdown that an editor shows. */
import { plain } from "../../toolcalls/display.ts";

/** As ordinary text: nothing of it is markup. */
export const markdownText = (text: string, limit = 300): string =>
  plain(text, limit).replace(/[\\`*_{}[\]()#+\-.!|<>&~]/g, "\\$&");

export const markdownCode = (text: string, limit = 80): string => `\`${plain(text, limit).replaceAll("`", "ˋ")}\``;

/** A block of JSON of at most `limit` UTF-16 units. */
export function markdownJson(value: unknown, limit = 2000): string {
  const text = (JSON.stringify(value, undefined, 2) ?? "null").split("\n");
  let shown = "";
  for (const line of text) {
    if (shown.length + line.length > limit) {
      shown += "…\n";
      break;
    }
    shown += `${plain(line, limit)}\n`;
  }
  return `\`\`\`json\n${shown.replaceAll("```", "ˋˋˋ")}\`\`\``;
}
