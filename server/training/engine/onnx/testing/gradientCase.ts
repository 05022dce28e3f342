/** An operator's gradient held against finite differences, on random inputs. */
import assert from "node:assert/strict";
import { gradients } from "../graph/autodiff.ts";
import { elementsOf, type Shape, type Sizes, sizeOf } from "../graph/dims.ts";
import { Graph, type Target, type Value } from "../graph/graph.ts";
import { mul, sumAll } from "../ops/elementwise.ts";
import { dtypeOf, type HostFeed } from "../runtime/session.ts";
import { Slopes, someElements } from "./differences.ts";
import { Interpreter } from "./interpreter.ts";
import type { Random } from "./random.ts";
import { assertClose, runOnce } from "./runtime.ts";

export interface GradientCase {
  target?: Target;
  sizes?: Sizes;
  /** Shapes of what the operator is differentiated by. */
  inputs: Record<string, Shape>;
  /** Values where standard normal ones will not do. */
  values?: Record<string, (length: number) => ArrayLike<number>>;
  /** Further inputs, which get no gradient. */
  fixed?: Record<string, { shape: Shape; data: HostFeed }>;
  build(graph: Graph, inputs: Record<string, Value>): Value;
}

const RELATIVE = 1e-6;
/** Below this a gradient counts as zero, and the error is measured against this instead. */
const FLOOR = 1e-2;
const MOST_ELEMENTS = 16;

/**
 * Asserts that the gradients of Σ c·y, c random, by our differentiation and by finite differences agree, both in float64,
 * and that ONNX Runtime computes the same on the CPU.
 */
export async function checkGradients(
  random: Random,
  { target = "cpu", sizes = {}, ...rest }: GradientCase,
): Promise<void> {
  const graph = new Graph(target);
  const feeds = new Map<string, ArrayLike<number> | BigInt64Array>();
  const numbers = (shape: Shape) => random.normals(sizeOf(elementsOf(shape), sizes));
  const inputs: Record<string, Value> = {};
  for (const [name, shape] of Object.entries(rest.inputs)) {
    inputs[name] = graph.input(name, shape);
    const length = sizeOf(elementsOf(shape), sizes);
    feeds.set(name, rest.values?.[name]?.(length) ?? numbers(shape));
  }
  for (const [name, { shape, data }] of Object.entries(rest.fixed ?? {})) {
    inputs[name] = graph.input(name, shape, dtypeOf(data));
    feeds.set(name, data);
  }
  const y = rest.build(graph, inputs);
  feeds.set("cotangent", numbers(y.shape));
  const loss = sumAll(graph, mul(graph, y, graph.input("cotangent", y.shape)));
  graph.output("y", y);
  graph.output("loss", loss);
  const wrt = Object.keys(rest.inputs);
  const values = gradients(
    graph,
    loss,
    wrt.map((name) => inputs[name] as Value),
  );
  for (const [index, name] of wrt.entries()) graph.output(`gradient:${name}`, values[index] as Value);
  const results = new Interpreter(graph, sizes).run(feeds);
  compareWithDifferences(random, results, new Slopes(graph, sizes, feeds, "loss"), wrt);
  // Rounding of a sum with cancellation is relative to its terms, hence the floor.
  if (target === "cpu") assertClose(await runOnce(graph, sizes, feeds), results, 1e-5, 1);
}

function compareWithDifferences(
  random: Random,
  results: ReadonlyMap<string, Float64Array>,
  slopes: Slopes,
  wrt: readonly string[],
): void {
  for (const name of wrt) {
    const gradient = results.get(`gradient:${name}`) as Float64Array;
    const elements = someElements(random, gradient.length, MOST_ELEMENTS);
    const expected = elements.map((element) => slopes.at(name, element));
    const error = Math.hypot(...elements.map((element, i) => (gradient[element] as number) - (expected[i] as number)));
    const bound = RELATIVE * Math.max(FLOOR, Math.hypot(...expected));
    const found = elements.map((element) => gradient[element]);
    assert.ok(error <= bound, `gradient of ${name}: ${found} instead of ${expected} (error ${error}, bound ${bound})`);
  }
}
