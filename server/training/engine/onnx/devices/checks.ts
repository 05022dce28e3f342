/** Small computations whose results are known: a device that gets one of them wrong must not train. */
import { Graph, type Target } from "../graph/graph.ts";
import type { HostFeed } from "../runtime/session.ts";

export interface Check {
  name: string;
  graph: Graph;
  feeds: Map<string, HostFeed>;
  /** Of the output `y`, in float64. */
  expected: Float64Array;
}

/** Largest difference to float64, relative to the largest value, that a sound float32 kernel stays below. */
export const TOLERANCE = 1e-4;

export function checksFor(target: Target): Check[] {
  return [product(target), softmax(target), scattered(target)];
}

/** Numbers in (−1, 1) without a pattern that a transposed or shifted index would leave as it is. */
const wave = (length: number, pace: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(pace * (i + 1)));

/** Odd sizes, which no tile divides. */
function product(target: Target): Check {
  const [m, k, n] = [33, 65, 17] as const;
  const graph = new Graph(target);
  const [a, b] = [graph.input("a", [m, k]), graph.input("b", [k, n])];
  graph.output("y", graph.node("MatMul", [a, b], [m, n]));
  const [left, right] = [wave(m * k, 0.7), wave(k * n, 1.3)];
  const expected = new Float64Array(m * n);
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++)
      for (let i = 0; i < k; i++) add(expected, row * n + column, at(left, row * k + i) * at(right, i * n + column));
  const feeds = new Map<string, HostFeed>([
    ["a", left],
    ["b", right],
  ]);
  return { name: "matrix product", graph, feeds, expected };
}

/** Logits as attention has them: some large, some forbidden by −10⁹. A softmax that does not subtract the maximum overflows. */
function softmax(target: Target): Check {
  const [rows, columns] = [5, 37] as const;
  const graph = new Graph(target);
  graph.output("y", graph.node("Softmax", [graph.input("x", [rows, columns])], [rows, columns], { axis: -1 }));
  const x = wave(rows * columns, 0.9).map((value, i) => (i % 11 === 0 ? -1e9 : 95 * value));
  const expected = new Float64Array(x.length);
  for (let row = 0; row < rows; row++) {
    const logits = x.subarray(row * columns, (row + 1) * columns);
    const most = Math.max(...logits);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
    for (const [i, logit] of logits.entries()) expected[row * columns + i] = Math.exp(logit - most) / sum;
  }
  return { name: "softmax", graph, feeds: new Map([["x", x]]), expected };
}

/**
 * Many rows added into few: an embedding's gradient. A kernel whose threads overwrite one another loses most of them, as ScatterND
 * does on the CPU (microsoft/onnxruntime#23396), for which reason the engine uses ScatterElements, and tests it.
 */
function scattered(target: Target): Check {
  const [rows, width, updates] = [7, 8, 2048] as const;
  const graph = new Graph(target);
  const ids = graph.input("ids", [updates, width], "int64");
  const values = graph.input("values", [updates, width]);
  const zeros = graph.constant(new Float32Array(rows * width), [rows, width]);
  const attributes = { axis: 0, reduction: "add" };
  graph.output("y", graph.node("ScatterElements", [zeros, ids, values], [rows, width], attributes));
  const from = wave(updates * width, 0.3);
  const to = BigInt64Array.from({ length: updates * width }, (_, i) => BigInt(Math.floor(i / width) ** 2 % rows));
  const expected = new Float64Array(rows * width);
  for (const [i, row] of to.entries()) add(expected, Number(row) * width + (i % width), at(from, i));
  const feeds = new Map<string, HostFeed>([
    ["ids", to],
    ["values", from],
  ]);
  return { name: "addition to repeated rows", graph, feeds, expected };
}

/** max |found − expected| / max |expected|; infinite where a result is no number or missing. */
export function relativeError(found: Float32Array, expected: Float64Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const off = expected.reduce((most, value, i) => {
    const difference = Math.abs(value - at(found, i));
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference);
  }, 0);
  return off / largest;
}

const at = (values: Float32Array, index: number): number => values[index] ?? Number.NaN;

function add(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] ?? 0) + value;
}
