/**
 * `npm run bench:curriculum`: what the bookkeeping of hard sampling costs on as many rows as the paper has, against a step of
 * the quickstart.
 *
 *     node bench/curriculum.ts [--rounds N] [--steps N] [--out DIR]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, otherLoad } from "../scripts/machine.ts";
import { worker } from "./processes.ts";
import { startQuickstart, until } from "./quickstartRun.ts";
import { type Row, renderTable } from "./report.ts";
import { median } from "./statistics.ts";

/** ToolExpander §3.1 and Table 10. */
const PAPER = { rows: 62_687, rounds: 10, batch: 1024 };
const BAR_SHARE = 0.01;
const BAR_MEGABYTES = 200;

interface Measured {
  milliseconds: number;
  storing: number;
  steps: number;
  drawn: number;
  chosen: number;
  megabytes: number;
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    steps: { type: "string", default: "5" },
    out: { type: "string", default: join(import.meta.dirname, "results") },
  },
});
const rounds = Number(values.rounds);
const machine = describeMachine();
const load = await otherLoad();
if (load > 0.05)
  console.error(`Something else keeps ${Math.round(load * 100)} % of the cores busy; the figures will suffer.`);

const stepMilliseconds = await quickstartStep(Number(values.steps));
const rows: Row[] = [];
for (const mode of ["replace", "add"] as const) {
  const measured: Measured[] = [];
  for (let round = 0; round < rounds; round++)
    measured.push(await worker<Measured>("curriculum.ts", { ...PAPER, mode }));
  rows.push(...rowsOf(mode, measured));
}

const result = { made: new Date().toISOString().slice(0, 10), machine, otherLoad: load, rounds, rows };
const table = renderTable(result, {
  title: "Curriculum",
  made:
    `\`npm run bench:curriculum\`; ${PAPER.rows.toLocaleString("en")} rows of which a third is hard, ${PAPER.rounds} rounds in steps of ` +
    `${PAPER.batch}, processor time, medians over ROUNDS rounds. The peer is the time of a whole step of the quickstart (32 prompts, 8 completions each). Prompts are ` +
    "not made here: only what is chosen, drawn, counted and kept",
});
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "curriculum.json"), `${JSON.stringify(result, null, 2)}\n`);
writeFileSync(join(values.out, "curriculum.md"), table);
console.log(table);
if (rows.some(({ ratio }) => ratio.startsWith("missed"))) process.exitCode = 1;

function rowsOf(mode: string, measured: readonly Measured[]): Row[] {
  const of = (value: (each: Measured) => number): number => median(measured.map(value));
  const perStep = of(({ milliseconds, steps }) => milliseconds / steps);
  const storing = of((each) => each.storing / each.steps);
  const megabytes = of((each) => each.megabytes);
  const share = perStep / stepMilliseconds;
  const mark = (met: boolean, text: string): string => (met ? text : `missed: ${text}`);
  return [
    {
      what: `${mode}: bookkeeping of a step, rounds included`,
      ours: `${perStep.toFixed(2)} ms`,
      peer: `${stepMilliseconds.toFixed(0)} ms`,
      ratio: mark(share < BAR_SHARE, `${(100 * share).toFixed(2)} %`),
      bar: `< ${100 * BAR_SHARE} %`,
      data: { measured, stepMilliseconds },
    },
    {
      what: `${mode}: storing few-shots and states, spread over the steps`,
      ours: `${storing.toFixed(2)} ms`,
      peer: `${stepMilliseconds.toFixed(0)} ms`,
      ratio: `${((100 * storing) / stepMilliseconds).toFixed(2)} %`,
      bar: "",
      data: {},
    },
    {
      what: `${mode}: memory it takes besides the rows, at most`,
      ours: `${megabytes.toFixed(0)} MiB`,
      peer: "",
      ratio: mark(megabytes < BAR_MEGABYTES, `${(megabytes / BAR_MEGABYTES).toFixed(2)}`),
      bar: `< ${BAR_MEGABYTES} MiB`,
      data: {},
    },
  ];
}

/** Median duration of the quickstart's steps, milliseconds. The first is left out: it builds graphs. */
async function quickstartStep(steps: number): Promise<number> {
  const run = await startQuickstart(steps + 1);
  const durations: number[] = [];
  try {
    run.client.on("step", ({ step, metrics }) => {
      if (step > 1) durations.push(metrics.milliseconds);
    });
    await run.client.attach();
    await until(run.client, 1200, () => durations.length >= steps);
    await run.client.stop().catch(() => {});
    await run.client.closed;
  } finally {
    run.remove();
  }
  return median(durations);
}
