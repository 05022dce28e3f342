/**
 * `npm run bench:rewards`: completions that each reward scores in a second of one core, on recorded pairs; ToolRL's beside Python.
 *
 *     node bench/rewards.ts [--rounds N] [--seconds S] [--shared DIR] [--python FILE] [--original rlla.py] [--out DIR]
 *
 * The pairs are `oracles/*.jsonl` of the shared folder. --python names an interpreter, --original ToolRL's own reward file; without that file
 * the peer is a port of its work (bench/peers/toolrl_reward.py), which prints as much as the original does and, in a row of its own, nothing.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, otherLoad } from "../scripts/machine.ts";
import { type Row, renderTable } from "./report.ts";
import { callReading, measured, type Workload, workloads } from "./rewardWorkloads.ts";
import { median } from "./statistics.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    shared: { type: "string", default: join(import.meta.dirname, "../../shared") },
    python: { type: "string", default: process.env.TOOLEXPANDER_PYTHON ?? "python3" },
    original: { type: "string" },
    out: { type: "string", default: join(import.meta.dirname, "results") },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
if (!existsSync(join(values.shared, "oracles"))) {
  console.error(`There are no recorded pairs in ${values.shared}; name their folder with --shared.`);
  process.exit(1);
}
const machine = describeMachine();
const load = await otherLoad();
if (load > 0.05)
  console.error(`Something else keeps ${Math.round(load * 100)} % of the cores busy; the figures will suffer.`);

/** What each reward is to reach, completions per second and core. */
const BAR = 100_000;
const PYTHON_BAR = 20;

const ours = workloads(values.shared);
const reading = callReading(values.shared);
const rates = new Map<string, number[]>();
const add = (what: string, rate: number): void => void rates.set(what, [...(rates.get(what) ?? []), rate]);
const peers = pythonPeers();
// The peers take turns with ours, so that what disturbs one disturbs all.
for (let round = 0; round < rounds; round++) {
  for (const workload of ours) add(workload.name, measured(workload, seconds));
  add(reading.name, measured(reading, seconds));
  for (const { name, options } of peers) add(name, askPython(options));
}

const rateOf = (name: string): number => median(rates.get(name) ?? []);
const rows: Row[] = [...ours.map(rowOf), ...peers.map(peerRow), ...peers.map(readingRow)];
const result = { made: new Date().toISOString().slice(0, 10), machine, otherLoad: load, rounds, rows };
const table = renderTable(result, {
  title: "Rewards",
  made:
    "`npm run bench:rewards`; completions per second of processor time of one thread, medians over ROUNDS rounds in which all took turns. " +
    "Gold answers are read anew for every completion",
});
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "rewards.json"), `${JSON.stringify(result, null, 2)}\n`);
writeFileSync(join(values.out, "rewards.md"), table);
console.log(table);

function rowOf({ name, inputs }: Workload): Row {
  const rate = rateOf(name);
  return {
    what: `${name}, ${inputs.length} pairs`,
    ours: perSecond(rate),
    peer: "",
    ratio: `${(rate / BAR).toFixed(1)}×`,
    bar: `≥ ${perSecond(BAR)}`,
    data: { perSecond: rates.get(name) },
  };
}

interface Peer {
  name: string;
  options: string[];
}

/** None where Python is not there. */
function pythonPeers(): Peer[] {
  try {
    execFileSync(values.python, ["--version"], { stdio: "ignore" });
  } catch {
    console.error(`There is no ${values.python}; ToolRL's reward is measured without its peer.`);
    return [];
  }
  if (values.original !== undefined)
    return [{ name: "the original rlla.py", options: ["--original", values.original] }];
  return [
    { name: "our port of rlla.py to Python, printing as the original", options: ["--print"] },
    { name: "the same port, printing nothing", options: [] },
  ];
}

function askPython(options: readonly string[]): number {
  const script = join(import.meta.dirname, "peers/toolrl_reward.py");
  const pairs = join(values.shared, "oracles/toolrl.jsonl");
  const output = execFileSync(values.python, [script, pairs, "--seconds", String(seconds), ...options], {
    encoding: "utf8",
  });
  const {
    perSecond: rate,
    agreed,
    pairs: count,
  } = JSON.parse(output) as { perSecond: number; agreed: number; pairs: number };
  if (agreed !== count) throw new Error(`The peer agrees with ${agreed} of the ${count} recorded answers only`);
  return rate;
}

function peerRow({ name }: Peer): Row {
  const [mine, theirs] = [rateOf("toolrl"), rateOf(name)];
  return {
    what: "toolrl, beside Python",
    ours: perSecond(mine),
    peer: `${name}: ${perSecond(theirs)}`,
    ratio: `${(mine / theirs).toFixed(1)}×`,
    bar: `≥ ${PYTHON_BAR}×`,
    data: { perSecond: rates.get(name), python: pythonVersion() },
  };
}

/** How far the bar against Python is to be reached at all by a reward that reads the calls. */
function readingRow({ name }: Peer): Row {
  const [rate, wanted] = [rateOf(reading.name), PYTHON_BAR * rateOf(name)];
  return {
    what: reading.name,
    ours: perSecond(rate),
    peer: `${PYTHON_BAR} × ${name}: ${perSecond(wanted)}`,
    ratio: `${(rate / wanted).toFixed(1)}×`,
    bar: "",
    data: { perSecond: rates.get(reading.name) },
  };
}

function pythonVersion(): string {
  return execFileSync(values.python, ["--version"], { encoding: "utf8" }).trim();
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString("en")} /s`;
}
