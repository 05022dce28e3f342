/** Rows of a benchmark as a Markdown table. */
import type { Machine } from "../scripts/machine.ts";
import { markdownTable } from "../server/training/sweep/markdownTable.ts";

export interface Row {
  what: string;
  ours: string;
  peer: string;
  /** Ours against the peer or the bar; larger is better. */
  ratio: string;
  bar: string;
  /** The numbers behind the row. */
  data: object;
}

export interface Result {
  made: string;
  machine: Machine;
  otherLoad: number;
  rounds: number;
  rows: Row[];
}

export interface Heading {
  title: string;
  /** The command that makes the table, and how the numbers came about. */
  made: string;
}

export function renderTable({ made, machine, otherLoad, rounds, rows }: Result, heading: Heading): string {
  return [
    `# ${heading.title}`,
    "",
    `Made on ${made} by ${heading.made.replace("ROUNDS", String(rounds))}.`,
    "",
    describe(machine, otherLoad),
    "",
    ...rowsTable(rows),
    "",
  ].join("\n");
}

export const rowsTable = (rows: readonly Row[]): string[] =>
  markdownTable([
    ["measured", "ours", "peer", "ratio", "bar"],
    ...rows.map(({ what, ours, peer, ratio, bar }) => [what, ours, peer, ratio, bar]),
  ]);

export function describe(machine: Machine, otherLoad: number): string {
  return (
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, ` +
    `onnxruntime-node ${machine.onnxruntime}; ${Math.round(otherLoad * 100)} % of the cores were busy with something else at the start.`
  );
}
