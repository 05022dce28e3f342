/** Reverse-mode differentiation: the tape is read backwards, each entry turning its result's gradient into its inputs'. */

import { addRaw } from "../ops/elementwise.ts";
import type { Graph, TapeEntry, Value } from "./graph.ts";

/**
 * Gradients of a scalar with respect to each of `wrt`, times `cotangent`, as new nodes of the same graph.
 * Throws where the scalar does not depend on one of them.
 */
export function gradients(graph: Graph, loss: Value, wrt: readonly Value[], cotangent = graph.scalar(1)): Value[] {
  const found = backpropagate(graph, graph.tape, loss, cotangent, wrt);
  return wrt.map((value, index) => {
    const gradient = found[index];
    if (gradient === undefined) throw new Error(`The loss does not depend on ${value.name}`);
    return gradient;
  });
}

/**
 * Takes the gradient of one result back through the entries that led to it: the gradients of each of `wrt`, undefined
 * where the result does not depend on it.
 */
export function backpropagate(
  graph: Graph,
  entries: readonly TapeEntry[],
  result: Value,
  gradient: Value,
  wrt: readonly Value[],
): (Value | undefined)[] {
  const active = dependents(entries, wrt);
  const adjoints = new Map<string, Value>([[result.name, gradient]]);
  for (const { outputs, inputs, backward } of entries.toReversed()) {
    const outputGradients = outputs.map((output) => adjoints.get(output.name));
    if (outputGradients.every((gradient) => gradient === undefined)) continue;
    // Only what lies between the parameters and the loss is worth a gradient.
    const wanted = inputs.map((input) => active.has(input.name));
    if (!wanted.includes(true)) continue;
    const contributions = backward(outputGradients, wanted);
    for (const [index, input] of inputs.entries()) {
      const contribution = contributions[index];
      if (!wanted[index] || contribution === undefined) continue;
      const sum = adjoints.get(input.name);
      adjoints.set(input.name, sum === undefined ? contribution : addRaw(graph, sum, contribution));
    }
  }
  return wrt.map((value) => adjoints.get(value.name));
}

/** Names of `wrt` and of everything computed from them. */
function dependents(entries: readonly TapeEntry[], wrt: readonly Value[]): Set<string> {
  const active = new Set(wrt.map((value) => value.name));
  for (const { outputs, inputs } of entries) {
    if (inputs.some((input) => active.has(input.name))) for (const output of outputs) active.add(output.name);
  }
  return active;
}
