/** Where ONNX Runtime places the nodes of a graph. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

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
  const lines = `${out}\n${log}`.split("\n");
  if (code !== 0) throw new Error(`${graph}: exit code ${code}\n${lines.slice(-20).join("\n")}`);
  const counts = new Map<string, number>();
  const onCpu: string[] = [];
  let provider = "";
  for (const line of lines) {
    const heading = /odes? *(?:\(s\))? placed on \[(\w+)\]\. Number of nodes: (\d+)/.exec(line);
    if (heading) {
      provider = heading[1] as string;
      counts.set(provider, Number(heading[2]));
    } else {
      const node = /VerifyEachNodeIsAssignedToAnEp\] +\w+ \((.+)\)$/.exec(line);
      if (node && provider === "CPUExecutionProvider") onCpu.push((node[1] as string).split(":").at(-1) as string);
    }
  }
  if (counts.size === 0) throw new Error(`${graph}: the log tells no placements`);
  return { counts, onCpu };
}
