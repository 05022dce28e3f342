/** Where ONNX Runtime places the nodes of a graph. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { readPlacements } from "../devices/placements.ts";

export interface Placements {
  /** Number of nodes by provider. */
  counts: Map<string, number>;
  /** Results of the nodes on the CPU, as the graph names them. */
  onCpu: string[];
}

/** Reads the placements from the log of placementLog.ts. Throws where the log does not tell them. */
export async function placementsOf(graph: string): Promise<Placements> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "placementLog.ts"), graph], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, log, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on("close", resolve)),
  ]);
  const all = `${out}\n${log}`;
  if (code !== 0) throw new Error(`${graph}: exit code ${code}\n${all.split("\n").slice(-20).join("\n")}`);
  const { counts, onCpu } = readPlacements(all);
  if (counts.size === 0) throw new Error(`${graph}: the log tells no placements`);
  return { counts, onCpu: onCpu.map(({ result }) => result) };
}
