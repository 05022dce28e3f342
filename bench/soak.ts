/**
 * `npm run soak -- --minutes 120`: quickstart runs back to back with a view attached, and what their processes keep. Linux only.
 *
 *     node bench/soak.ts [--minutes 120] [--steps N] [--every 5] [--out DIR]
 *
 * --steps is for a try: runs of so many steps on a few rows. --every is the time between two looks, seconds.
 */
import { fork } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { copyWorkspace } from "../scripts/editor/workspace.ts";
import { describeMachine, otherLoad } from "../scripts/machine.ts";
import { findServer } from "../server/training/server/serverFile.ts";
import { oneStep, shorten } from "../test/shortQuickstart.ts";
import { QUICKSTART } from "./engine/quickstart.ts";
import { childrenOf } from "./processMemory.ts";
import type { HostAnswer, HostQuestion } from "./soak/messages.ts";
import { sampleOf } from "./soak/processes.ts";
import { byMinute, type Look, type ProcessName, renderSoak, type Soak } from "./soak/table.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "120" },
    steps: { type: "string" },
    every: { type: "string", default: "5" },
    out: { type: "string", default: path.join(import.meta.dirname, "results") },
  },
});
const [wanted, every] = [Number(values.minutes), Number(values.every)];
if (!(wanted > 0) || !(every > 0) || process.platform !== "linux") {
  console.error("--minutes and --every are numbers above 0, and the system is Linux");
  process.exit(2);
}
/** Longest wait for the last run's end, minutes. */
const PATIENCE = 5;

const folder = mkdtempSync(path.join(tmpdir(), "toolexpander-soak-"));
const workspace = path.join(folder, "quickstart");
copyWorkspace(QUICKSTART, workspace);
const experiment = path.join(workspace, "experiment.json");
if (values.steps !== undefined) {
  shorten(workspace, { ...oneStep, settings: { ...oneStep.settings, steps: Number(values.steps) } });
}

const machine = describeMachine();
const load = await otherLoad();
const started = performance.now();
const minutes = (): number => (performance.now() - started) / 60_000;
const looks: Look[] = [];
const troubles: string[] = [];
const runs: Soak["runs"] = [];
let viewPid = 0;
let current: { folder: string; begun: number } | undefined;
let ended = false;

const host = fork(path.join(import.meta.dirname, "workers", "soakHost.ts"));
const ask = (question: HostQuestion): void => void host.send(question);

host.on("exit", () => {
  if (!ended) troubles.push("the extension host ended");
  ended = true;
});
host.on("message", (answer: HostAnswer) => {
  if (answer.kind === "view") viewPid = answer.pid;
  else if (answer.kind === "trouble") troubles.push(answer.what);
  else if (answer.kind === "begun") current = { folder: answer.folder, begun: minutes() };
  else {
    const { folder: run, phase, shown, message } = answer;
    runs.push({ folder: path.basename(run), minutes: minutes() - (current?.begun ?? 0), phase, shown });
    if (phase !== "finished" && phase !== "stopped") troubles.push(`${path.basename(run)} is ${phase}: ${message}`);
    keepLog(run);
    // A researcher keeps runs, a machine that trains for hours needs the room: the newest one stays, as the view looks at it.
    const earlier = runs.at(-2);
    if (earlier) rmSync(path.join(path.dirname(run), earlier.folder), { recursive: true, force: true });
    current = undefined;
    if (minutes() < wanted) ask({ kind: "run", experiment });
    else ended = true;
  }
});

/** What a server of a run that failed had to say. */
function keepLog(run: string): void {
  if (troubles.length > 0)
    cpSync(path.join(run, "server.log"), path.join(tmpdir(), `${path.basename(run)}.log`), { force: true });
}

function look(process: ProcessName, pid: number | undefined): void {
  const sample = pid === undefined ? undefined : sampleOf(pid);
  if (sample) looks.push({ process, minutes: minutes(), run: runs.length + 1, ...sample });
}

ask({ kind: "run", experiment });
let stopping = false;
while (!ended && minutes() < wanted + PATIENCE) {
  await sleep(every * 1000);
  look("extension host", host.pid);
  look("view", viewPid || undefined);
  const server = current && findServer(current.folder)?.server.pid;
  look("training server", server);
  look("engine", server === undefined ? undefined : childrenOf(server)[0]);
  if (minutes() >= wanted && !stopping) {
    stopping = true;
    ask({ kind: "stop" });
  }
}
const clean = ended;
ended = true;
if (!clean) troubles.push("the last run did not end");
host.disconnect();

const made = new Date().toISOString().slice(0, 10);
const soak: Soak = { made, machine, otherLoad: load, minutes: wanted, runs, troubles, looks: byMinute(looks) };
const table = renderSoak(soak);
mkdirSync(values.out, { recursive: true });
writeFileSync(path.join(values.out, "soak.json"), `${JSON.stringify(soak, null, 1)}\n`);
writeFileSync(path.join(values.out, "soak.md"), table);
rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
console.log(table);
process.exitCode = troubles.length > 0 ? 1 : 0;
