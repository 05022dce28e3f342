/**
 * `npm run bench:engine`: speed and memory of the embedded engine, its peers beside it in the same run.
 *
 * Ours and the peer take turns, round by round, and the device's own matrix rate is measured between them, so that a drift of the
 * machine meets all of them. Each part is on the page as soon as it is measured, and stays there when others are measured again.
 * Peers run where TOOLEXPANDER_PYTHON names a Python with what bench/peers/requirements.txt names.
 *
 *     node bench/engine.ts [--rounds N] [--only update/lora,step,growth] [--plan full|half-billion|tiny] [--out DIR]
 *                          [--device webgpu [--software] [--peer-device cuda]]
 *
 * --device webgpu takes the machine's GPU and writes engine.webgpu.md; with --software the driver that computes on the CPU, which is
 * for a try with --plan tiny. --peer-device is PyTorch's name of the device that the peers compute on.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, otherLoad, watchStolen } from "../scripts/machine.ts";
import { webgpuForTests } from "../scripts/vulkan.ts";
import type { Bench } from "./engine/bench.ts";
import { EnginePage } from "./engine/page.ts";
import { chosenParts } from "./engine/parts.ts";
import { PLANS } from "./engine/plan.ts";
import { peerVersions, python } from "./processes.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
    plan: { type: "string", default: "full" },
    device: { type: "string", default: "cpu" },
    software: { type: "boolean", default: false },
    "peer-device": { type: "string", default: "cpu" },
    out: { type: "string", default: join(import.meta.dirname, "results") },
  },
});
const plan = PLANS[values.plan];
const { device } = values;
if (plan === undefined) throw new Error(`There is no plan "${values.plan}": take ${Object.keys(PLANS).join(", ")}.`);
if (device !== "cpu" && device !== "webgpu") throw new Error(`The engine has no device "${device}".`);
const parts = chosenParts(plan, values.only);
if (values.software) Object.assign(process.env, webgpuForTests(process.env).environment);

const machine = describeMachine();
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
const page = new EnginePage(bench, { software: values.software });
const peers = python === undefined ? null : await peerVersions();
for (const { key, measure } of parts) {
  console.error(`${new Date().toISOString().slice(11, 19)} ${key}`);
  const load = await otherLoad();
  if (load > 0.05)
    console.error(`Something else keeps ${Math.round(load * 100)} % of the cores busy; the figures will suffer.`);
  const stolen = watchStolen();
  const rows = await measure(bench);
  page.put(key, {
    made: new Date().toISOString().slice(0, 10),
    machine,
    otherLoad: load,
    stolen: stolen(),
    rounds: bench.rounds,
    peers,
    rows,
  });
}
console.log(page.text());
