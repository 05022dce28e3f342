/**
 * `npm run bench:core`: memory of a whole run, and how soon its training server answers while its engine computes.
 * What the engine itself takes is measured by `npm run bench:engine`.
 *
 *     node bench/core.ts [--only run,latency] [--out DIR]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, otherLoad } from "../scripts/machine.ts";
import { latency } from "./latency.ts";
import { quickstartMemory } from "./quickstartMemory.ts";
import { type Row, renderTable } from "./report.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "run,latency" },
    out: { type: "string", default: join(import.meta.dirname, "results") },
  },
});
const parts = values.only.split(",");
const machine = describeMachine();
const load = await otherLoad();
if (load > 0.05)
  console.error(`Something else keeps ${Math.round(load * 100)} % of the cores busy; the figures will suffer.`);

const rows: Row[] = [];
if (parts.includes("run")) rows.push(...(await quickstartMemory()));
if (parts.includes("latency")) rows.push(...(await latency()));

const result = { made: new Date().toISOString().slice(0, 10), machine, otherLoad: load, rounds: 1, rows };
const table = renderTable(result, { title: "Training server", made: "`npm run bench:core`" });
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "core.json"), `${JSON.stringify(result, null, 2)}\n`);
writeFileSync(join(values.out, "core.md"), table);
console.log(table);
