/**
 * `npm run bench:language`: speed and memory of the language server and of `validate`, vscode-json-languageservice beside it.
 *
 *     node bench/language.ts [--rounds N] [--only editing,checking,workspace] [--corpus DIR] [--out DIR]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, otherLoad } from "../scripts/machine.ts";
import { checking, firstChecks } from "./language/checking.ts";
import { editing } from "./language/editing.ts";
import { workspace } from "./language/workspace.ts";
import { type Row, renderTable } from "./report.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    only: { type: "string", default: "editing,checking,workspace" },
    corpus: { type: "string", default: join(import.meta.dirname, "../../shared/corpus") },
    out: { type: "string", default: join(import.meta.dirname, "results") },
  },
});
const rounds = Number(values.rounds);
const parts = values.only.split(",");
const machine = describeMachine();
const load = await otherLoad();
if (load > 0.05)
  console.error(`Something else keeps ${Math.round(load * 100)} % of the cores busy; the figures will suffer.`);

const rows: Row[] = [];
if (parts.includes("editing")) rows.push(...(await editing()));
if (parts.includes("checking")) rows.push(...(await checking(rounds, values.corpus)), await firstChecks(rounds));
if (parts.includes("workspace")) rows.push(...(await workspace()));

const result = { made: new Date().toISOString().slice(0, 10), machine, otherLoad: load, rounds, rows };
const table = renderTable(result, {
  title: "Language server",
  made:
    "`npm run bench:language`; times of the server are from the last byte of a message to the answer's first, " +
    "rates are of processor time, medians over ROUNDS rounds in which ours and the peer took turns. " +
    "The peer is vscode-json-languageservice with a schema of the record's shape: it checks no calls",
});
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "language.json"), `${JSON.stringify(result, null, 2)}\n`);
writeFileSync(join(values.out, "language.md"), table);
console.log(table);
