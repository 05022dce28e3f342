/** Text of files, which may hold anything, in Markdown that an editor shows. */
import { plain } from "../../toolcalls/display.ts";

/** As ordinary text: nothing of it is markup. */
export const markdownText = (text: string): string => plain(text, 1000).replace(/[\\`*_{}[\]()#+\-.!|<>&~]/g, "\\$&");

export const markdownCode = (text: string): string => `\`${plain(text).replaceAll("`", "ˋ")}\``;

/** UTF-16 units of a block. */
const LONGEST_BLOCK = 2000;

/** A block of JSON. */
export function markdownJson(value: unknown): string {
  const text = (JSON.stringify(value, undefined, 2) ?? "null").split("\n");
  let shown = "";
  for (const line of text) {
    if (shown.length + line.length > LONGEST_BLOCK) {
      shown += "…\n";
      break;
    }
    shown += `${plain(line, LONGEST_BLOCK)}\n`;
  }
  return `\`\`\`json\n${shown.replaceAll("```", "ˋˋˋ")}\`\`\``;
}
