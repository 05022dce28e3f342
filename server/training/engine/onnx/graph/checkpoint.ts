/**
 * Gradient checkpointing (Chen et al., "Training Deep Nets with Sublinear Memory Cost", §3): of a part of the network only
 * its input is kept, and what lies between is computed again when its gradient is due.
 */

import { after } from "../ops/order.ts";
import { backpropagate } from "./autodiff.ts";
import type { Graph, TapeEntry, Value } from "./graph.ts";

/**
 * y = build(x), whose inner results are not kept for the backward pass. What build reads besides x (parameters) gets its
 * gradient too, and build must return the same function of x each time: it is called once more for the gradient.
 */
export function checkpoint(graph: Graph, x: Value, build: (x: Value) => Value): Value {
  const first = recorded(graph, () => build(x));
  const inputs = [x, ...readFromOutside(first.entries).filter(({ name }) => name !== x.name)];
  return graph.record(first.result, inputs, (gradient, wanted) => {
    // From a copy of x that is not there before the gradient is, else the runtime would merge both computations into one.
    const copy = after(graph, x, gradient);
    const again = recorded(graph, () => build(copy));
    const wrt = [copy, ...inputs.slice(1)];
    const found = backpropagate(
      graph,
      again.entries,
      again.result,
      gradient,
      wrt.filter((_, index) => wanted[index]),
    );
    const all = wrt.map((_, index) => (wanted[index] ? found.shift() : undefined));
    // The part below waits until all gradients of this one are there, and with them its results are free again.
    const [dx, ...others] = all;
    const done = others.filter((value) => value !== undefined);
    return [dx && done.length > 0 ? after(graph, dx, ...done) : dx, ...others];
  });
}

/** What build returns, and the entries that it wrote, taken off the tape again. */
function recorded(graph: Graph, build: () => Value): { result: Value; entries: TapeEntry[] } {
  const start = graph.tape.length;
  const result = build();
  return { result, entries: graph.tape.splice(start) };
}

/** Inputs of the entries that none of them made, each once. */
function readFromOutside(entries: readonly TapeEntry[]): Value[] {
  const made = new Set(entries.flatMap(({ outputs }) => outputs.map(({ name }) => name)));
  const read = entries.flatMap(({ inputs }) => inputs.filter(({ name }) => !made.has(name)));
  return [...new Map(read.map((value) => [value.name, value])).values()];
}
