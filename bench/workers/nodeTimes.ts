/** How long the runtime takes for one node over two arrays of one size. */
import { Graph, type Target, type Value } from "../../server/training/engine/onnx/graph/graph.ts";
import { GraphSession } from "../../server/training/engine/onnx/runtime/session.ts";

export interface NodeSettings {
  /** Side of a square array. */
  side: number;
  device: Target;
  threads: number;
  runs: number;
}

/** Nodes in a row on a device that arrays are moved to: the runs with one and with all of them differ by nodes alone. */
const CHAIN = 17;

/** Nodes in a row on the CPU, where a run's result is copied once into memory that is new: a tenth to a quarter of what a single node takes. */
const CPU_CHAIN = 8;

/**
 * Milliseconds of one node in each of the runs; moving its arrays to a device and back is not counted, or hardly.
 * @param node adds the node to the graph
 */
export async function nodeTimes(
  node: (graph: Graph, a: Value, b: Value) => Value,
  { side, device, threads, runs }: NodeSettings,
): Promise<number[]> {
  if (device === "cpu") return (await times(CPU_CHAIN)).map((milliseconds) => milliseconds / CPU_CHAIN);
  const once = await times(1);
  const all = await times(CHAIN);
  return all.map((milliseconds, run) => (milliseconds - (once[run] as number)) / (CHAIN - 1));

  async function times(nodes: number): Promise<number[]> {
    const graph = new Graph(device);
    const [a, b] = [graph.input("a", [side, side]), graph.input("b", [side, side])];
    let result = a;
    for (let i = 0; i < nodes; i++) result = node(graph, result, b);
    graph.output("result", result);
    const session = await GraphSession.create(graph, { device, threads });
    // So small that products in a row stay finite.
    const feed = () => Float32Array.from({ length: side * side }, (_, i) => Math.sin(i) / Math.sqrt(side));
    const feeds = new Map([
      ["a", feed()],
      ["b", feed()],
    ]);
    const measured: number[] = [];
    for (let run = -3; run < runs; run++) {
      const started = performance.now();
      await session.run(feeds, {});
      if (run >= 0) measured.push(performance.now() - started);
    }
    await session.dispose();
    return measured;
  }
}
