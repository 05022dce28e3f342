/** How fast a device multiplies matrices, moves bytes and answers: each found within a fraction of a second. */
import { Graph, type Target, type Value } from "../graph/graph.ts";
import type { HostFeed } from "../runtime/session.ts";

/** Runs a graph on the device. */
export interface Runner {
  target: Target;
  /** Compiles the graph; what comes back runs it and must be closed. */
  open(graph: Graph): Promise<{ run(feeds: Map<string, HostFeed>): Promise<void>; close(): Promise<void> }>;
}

/** A measurement that would take longer than this is not begun. Milliseconds. */
const BUDGET_MS = 250;
const SMALLEST = 128;
const LARGEST = 2048;
/** Products of one run, one after another: they hide what a run costs apart from them. */
const PRODUCTS = 8;

const FLOAT16 = 10;
const FLOAT32 = 1;

/**
 * Rate of square matrix products in 10⁹ operations a second, the best of sizes from 128 to 2048 as far as the time goes. Operands stay
 * on the device, and one number comes back. With `half`, operands and results are float16.
 */
export async function matrixRate(runner: Runner, half: boolean): Promise<number> {
  let best = 0;
  for (let n = SMALLEST; n <= LARGEST; n *= 2) {
    const operations = PRODUCTS * 2 * n ** 3;
    if (best > 0 && operations / (best * 1e6) > BUDGET_MS) break;
    const milliseconds = await fastest(runner, productsGraph(runner.target, n, half), feedOf("scale", [1]));
    best = Math.max(best, operations / milliseconds / 1e6);
  }
  return best;
}

/** PRODUCTS products with a constant matrix, begun with an input so that none of them is folded away. */
function productsGraph(target: Target, n: number, half: boolean): Graph {
  const graph = new Graph(target);
  // Columns of about unit length keep the numbers in range, float16 included.
  const matrix = Float32Array.from({ length: n * n }, (_, i) => Math.sin(0.7 * (i + 1)) * Math.sqrt(2 / n));
  const operand = graph.constant(matrix, [n, n]);
  const cast = (value: Value, to: number) => graph.node("Cast", [value], value.shape, { to });
  let x = graph.node("Mul", [operand, graph.input("scale", [1])], [n, n]);
  if (half) x = cast(x, FLOAT16);
  const factor = half ? cast(operand, FLOAT16) : operand;
  for (let i = 0; i < PRODUCTS; i++) x = graph.node("MatMul", [x, factor], [n, n]);
  graph.output("sum", graph.node("ReduceSum", [half ? cast(x, FLOAT32) : x], [1, 1], { keepdims: 1 }));
  return graph;
}

/** 10⁹ bytes a second into the device and out of it, from transfers that grow from 1 MiB as far as the time goes. */
export async function copyRates(runner: Runner, latency: number): Promise<{ toDevice: number; fromDevice: number }> {
  const rate = async (
    graphOf: (n: number) => Graph,
    feedsOf: (n: number) => Map<string, HostFeed>,
  ): Promise<number> => {
    let best = 0;
    for (let n = 2 ** 18; n <= 2 ** 24; n *= 4) {
      const bytes = 4 * n;
      if (best > 0 && bytes / (best * 1e6) > BUDGET_MS) break;
      const milliseconds = await fastest(runner, graphOf(n), feedsOf(n));
      // What a run costs without any bytes is no part of their way.
      best = Math.max(best, bytes / Math.max(milliseconds - latency, milliseconds / 10) / 1e6);
    }
    return best;
  };
  const into = (n: number): Graph => {
    const graph = new Graph(runner.target);
    graph.output("sum", graph.node("ReduceMax", [graph.input("x", [n])], [1], { keepdims: 1 }));
    return graph;
  };
  const out = (n: number): Graph => {
    const graph = new Graph(runner.target);
    graph.output("y", graph.node("Expand", [graph.input("x", [1]), graph.integers(n)], [n]));
    return graph;
  };
  return {
    toDevice: await rate(into, (n) => feedOf("x", new Float32Array(n))),
    fromDevice: await rate(out, () => feedOf("x", [1])),
  };
}

/** Milliseconds of a run that adds two numbers. */
export function tinyLatency(runner: Runner): Promise<number> {
  const graph = new Graph(runner.target);
  graph.output("sum", graph.node("Add", [graph.input("x", [1]), graph.scalar(1)], [1]));
  return fastest(runner, graph, feedOf("x", [1]));
}

const feedOf = (name: string, values: ArrayLike<number>): Map<string, HostFeed> =>
  new Map([[name, values instanceof Float32Array ? values : Float32Array.from(values)]]);

/** Milliseconds of the fastest run but the first, which compiles kernels: as many as fit into the budget, 20 at most. */
async function fastest(runner: Runner, graph: Graph, feeds: Map<string, HostFeed>): Promise<number> {
  const session = await runner.open(graph);
  try {
    return await fastestRun(() => session.run(feeds));
  } finally {
    await session.close();
  }
}

/** The same of any run. */
export async function fastestRun(run: () => Promise<unknown>): Promise<number> {
  await run();
  const end = performance.now() + BUDGET_MS;
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < 20 && (count === 0 || performance.now() < end); count++) {
    const started = performance.now();
    await run();
    least = Math.min(least, performance.now() - started);
  }
  // A clock may stand still for the shortest of runs.
  return Math.max(least, 1e-3);
}
