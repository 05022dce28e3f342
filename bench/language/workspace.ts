/** A workspace as large as the largest published sets: how long its index takes, and a look-up in it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { worker } from "../processes.ts";
import type { Row } from "../report.ts";
import { percentile } from "../statistics.ts";
import { drawTools, sampleRecord } from "./records.ts";

const SAMPLES = 62_687;
const TOOLS = 5000;

export interface Indexed {
  /** Milliseconds, of processor time and of the clock; bytes. */
  cpu: number;
  wall: number;
  lookups: number[];
  memory: number;
}

export async function workspace(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "toolexpander-bench-"));
  try {
    writeWorkspace(folder);
    const { cpu, wall, lookups, memory } = await worker<Indexed>("workspace.ts", { folder });
    return [
      {
        what: `index of ${SAMPLES} samples and ${TOOLS} tools`,
        ours: `${(wall / 1000).toFixed(2)} s (processor ${(cpu / 1000).toFixed(2)} s), ${(memory / 1e6).toFixed(0)} MB`,
        peer: "",
        ratio: "",
        bar: "< 10 s",
        data: { cpu, wall, memory },
      },
      {
        what: `from a call's name to its tool's place (${lookups.length}, p95)`,
        ours: `${percentile(lookups, 95).toFixed(2)} ms`,
        peer: "",
        ratio: "",
        bar: "< 50 ms",
        data: { milliseconds: lookups },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeWorkspace(folder: string): void {
  const tools = drawTools(TOOLS, 3);
  writeFileSync(
    join(folder, "all.tools.json"),
    JSON.stringify(tools.map((tool) => ({ type: "function", function: tool }))),
  );
  const rows = Array.from({ length: SAMPLES }, (_, index) => sampleRecord(tools, index, 3));
  const held = rows.splice(-1000);
  writeFileSync(join(folder, "train.samples.jsonl"), `${rows.join("\n")}\n`);
  writeFileSync(join(folder, "heldout.samples.jsonl"), `${held.join("\n")}\n`);
  const experiment = { tools: ["all.tools.json"], train: "train.samples.jsonl", heldOut: "heldout.samples.jsonl" };
  writeFileSync(join(folder, "experiment.json"), JSON.stringify(experiment));
}
