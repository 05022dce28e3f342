/** Central finite differences of an interpreted graph, to hold gradients against. */
import type { Sizes } from "../graph/dims.ts";
import type { Graph } from "../graph/graph.ts";
import { type Feeds, Interpreter } from "./interpreter.ts";
import type { Random } from "./random.ts";

/** Step of the difference: the truncation's error (step²) and rounding's (1e-16 / step) are about equal. */
const STEP = 1e-5;

/** The slope of a scalar output along one element of an input. */
export class Slopes {
  readonly #interpreter: Interpreter;
  readonly #feeds: Map<string, ArrayLike<number> | BigInt64Array>;
  readonly #output: string;

  constructor(graph: Graph, sizes: Sizes, feeds: Feeds, output: string) {
    this.#interpreter = new Interpreter(graph, sizes, [output]);
    this.#feeds = new Map(feeds);
    this.#output = output;
  }

  at(input: string, element: number): number {
    const original = this.#feeds.get(input) as ArrayLike<number>;
    const moved = Float64Array.from(original);
    const value = moved[element] as number;
    const valueAt = (x: number) => {
      moved[element] = x;
      return this.#interpreter.run(this.#feeds).get(this.#output)?.[0] as number;
    };
    this.#feeds.set(input, moved);
    const slope = (valueAt(value + STEP) - valueAt(value - STEP)) / (2 * STEP);
    this.#feeds.set(input, original);
    return slope;
  }
}

/** Up to `count` elements of an array of that length, without repetition. */
export function someElements(random: Random, length: number, count: number): number[] {
  const all = Array.from({ length }, (_, index) => index);
  if (length <= count) return all;
  return Array.from({ length: count }, () => all.splice(random.integer(0, all.length - 1), 1)[0] as number);
}
