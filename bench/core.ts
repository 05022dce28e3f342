/**
 * `npm run bench:core`: speed and memory of the training core, its peers beside it in the same run.
 *
 * Ours and the peer take turns, round by round, and each round's own matrix rate is measured between them, so that a
 * drift of the machine meets all of them. Peers run where TOOLEXPANDER_PYTHON names a Python with torch and transformers.
 *
 *     node bench/core.ts [--rounds N] [--only update,sampling,run,latency] [--out DIR]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, otherLoad } from "../scripts/machine.ts";
import { latency } from "./latency.ts";
import { python } from "./processes.ts";
import { quickstartMemory } from "./quickstartMemory.ts";
import { type Row, renderTable } from "./report.ts";
import { sampling } from "./samplingBench.ts";
import { update } from "./updateBench.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    only: { type: "string", default: "update,sampling,run,latency" },
    out: { type: "string", default: join(import.meta.dirname, "results") },
  },
});
const rounds = Number(values.rounds);
const parts = values.only.split(",");
const machine = describeMachine();
const load = await otherLoad();
if (load > 0.05)
  console.error(`Something else keeps ${Math.round(load * 100)} % of the cores busy; the figures will suffer.`);
if (python === undefined) console.error("TOOLEXPANDER_PYTHON is not set: the peers are left out.");

const rows: Row[] = [];
if (parts.includes("update")) rows.push(...(await update(rounds, machine.cores)));
if (parts.includes("sampling")) rows.push(...(await sampling(rounds, machine.cores)));
if (parts.includes("run")) rows.push(...(await quickstartMemory()));
if (parts.includes("latency")) rows.push(...(await latency()));

const result = { made: new Date().toISOString().slice(0, 10), machine, otherLoad: load, rounds, rows };
const table = renderTable(result);
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "core.json"), `${JSON.stringify(result, null, 2)}\n`);
writeFileSync(join(values.out, "core.md"), table);
console.log(table);
