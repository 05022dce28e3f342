/** Where ONNX Runtime places the nodes of a graph, read from its own log: it has no other way to ask. */

/** Log level at which the runtime tells it. */
export const PLACEMENT_LOG_LEVEL = 0;

export interface NodeOnCpu {
  operator: string;
  /** The node's first result, as the graph names it. */
  result: string;
}

export interface Placements {
  /** Number of nodes by provider. */
  counts: Map<string, number>;
  onCpu: NodeOnCpu[];
}

/** Reads a log of one or more sessions. Without counts where the log tells no placements. */
export function readPlacements(log: string): Placements {
  const counts = new Map<string, number>();
  const onCpu: NodeOnCpu[] = [];
  let provider = "";
  for (const line of log.split("\n")) {
    const heading = /odes? *(?:\(s\))? placed on \[(\w+)\]\. Number of nodes: (\d+)/.exec(line);
    if (heading) {
      provider = heading[1] as string;
      counts.set(provider, (counts.get(provider) ?? 0) + Number(heading[2]));
      continue;
    }
    const node = /VerifyEachNodeIsAssignedToAnEp\] +(\w+) \((.+)\)\r?$/.exec(line);
    if (node && provider === "CPUExecutionProvider")
      onCpu.push({ operator: node[1] as string, result: (node[2] as string).split(":").at(-1) as string });
  }
  return { counts, onCpu };
}
