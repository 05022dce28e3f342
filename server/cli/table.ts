/** Tables without colours and without a rule under every row: logs and pipes get the same text as a terminal. */
import Table from "cli-table3";

const noRules = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** Tools in a table; there may be thousands. */
export const MOST_TOOLS = 40;

/** The line below a table that has only the first of so many tools. */
export const moreTools = (count: number): string[] =>
  count > MOST_TOOLS ? [`and ${count - MOST_TOOLS} more tools (--json has them all)`] : [];

export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...head], chars: noRules, style: { head: [], border: [] } });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
