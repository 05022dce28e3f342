/**
 * `npm run bench:engine`: speed and memory of the embedded engine, its peers beside it in the same run.
 *
 * Ours and the peer take turns, round by round, and the device's own matrix rate is measured between them, so that a drift of the
 * machine meets all of them. Peers run where TOOLEXPANDER_PYTHON names a Python with what bench/peers/requirements.txt names.
 *
 *     node bench/engine.ts [--rounds N] [--only update,sampling,step,growth] [--plan full|half-billion|tiny] [--out DIR]
 *                          [--device webgpu [--software] [--peer-device cuda]]
 *
 * --device webgpu takes the machine's GPU and writes engine.webgpu.md; with --software the driver that computes on the CPU, which is
 * for a try with --plan tiny. --peer-device is PyTorch's name of the device that the peers compute on.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, otherLoad } from "../scripts/machine.ts";
import { webgpuForTests } from "../scripts/vulkan.ts";
import type { Bench } from "./engine/bench.ts";
import { growth, plotOf } from "./engine/growth.ts";
import { PLANS } from "./engine/plan.ts";
import { sampling } from "./engine/sampling.ts";
import { step } from "./engine/step.ts";
import { update } from "./engine/update.ts";
import { peerVersions, python } from "./processes.ts";
import { type Row, renderTable } from "./report.ts";

const PARTS: Record<string, (bench: Bench) => Promise<Row[]>> = { update, sampling, step, growth };

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    only: { type: "string", default: Object.keys(PARTS).join() },
    plan: { type: "string", default: "full" },
    device: { type: "string", default: "cpu" },
    software: { type: "boolean", default: false },
    "peer-device": { type: "string", default: "cpu" },
    out: { type: "string", default: join(import.meta.dirname, "results") },
  },
});
const parts = values.only.split(",");
const plan = PLANS[values.plan];
const { device } = values;
if (plan === undefined) throw new Error(`There is no plan "${values.plan}": take ${Object.keys(PLANS).join(", ")}.`);
if (device !== "cpu" && device !== "webgpu") throw new Error(`The engine has no device "${device}".`);
const unknown = parts.filter((part) => PARTS[part] === undefined);
if (unknown.length > 0)
  throw new Error(`There is no part ${unknown.join(", ")}: take of ${Object.keys(PARTS).join(", ")}.`);
if (values.software) Object.assign(process.env, webgpuForTests(process.env).environment);

const machine = describeMachine();
const load = await otherLoad();
if (load > 0.05)
  console.error(`Something else keeps ${Math.round(load * 100)} % of the cores busy; the figures will suffer.`);
if (python === undefined) console.error("TOOLEXPANDER_PYTHON is not set: the peers are left out.");

mkdirSync(values.out, { recursive: true });
const bench: Bench = {
  plan,
  // The bars are for the full plan on the CPU; elsewhere a figure stands by itself.
  barred: device === "cpu" && values.plan === "full",
  rounds: Number(values.rounds),
  threads: machine.cores,
  device,
  peerDevice: values["peer-device"],
  out: values.out,
  name: device === "cpu" ? "engine" : `engine.${device}`,
};
const rows: Row[] = [];
for (const part of parts) {
  console.error(`${new Date().toISOString().slice(11, 19)} ${part}`);
  rows.push(...((await PARTS[part]?.(bench)) ?? []));
}

const { rounds, name } = bench;
const peers = python === undefined ? null : await peerVersions();
const result = { made: new Date().toISOString().slice(0, 10), machine, otherLoad: load, device, peers, rounds, rows };
const command = `npm run bench:engine${device === "cpu" ? "" : ` -- --device ${device}`}`;
const table = renderTable(result, {
  title:
    device === "cpu"
      ? "Engine"
      : `Engine on ${device}${values.software ? " of a driver that computes on the CPU" : ""}`,
  made: `\`${command}\`; medians over ROUNDS rounds in which ours and the peer took turns`,
});
const notes = [
  peers === null ? "No peers were measured." : `Peers on ${bench.peerDevice}: ${peers}.`,
  ...(parts.includes("growth")
    ? [
        "How the cost grows, and what counted operations and bytes explain of it (bench/engine/costs.ts):",
        `![Time by batch, context and width](${plotOf(bench)})`,
      ]
    : []),
];
writeFileSync(join(values.out, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
writeFileSync(join(values.out, `${name}.md`), `${table}\n${notes.join("\n\n")}\n`);
console.log(table);
