/** Tables without colours and without a rule under every row: logs and pipes get the same text as a terminal. */
import Table from "cli-table3";

const noRules = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...head], chars: noRules, style: { head: [], border: [] } });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
