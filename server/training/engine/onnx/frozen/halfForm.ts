/** Matrices in float16. */
import { MOST_FLOAT16, narrowFloat16, widenFloat16 } from "../../halfFloats.ts";
import type { Graph, Value } from "../graph/graph.ts";
import { columnSums, product } from "../ops/linear.ts";
import { viewAfter } from "../ops/order.ts";
import type { Form } from "./form.ts";
import { Unkeepable } from "./unkeepable.ts";

export const HALF: Form = {
  called: "float16",
  parts: ({ out, input }) => [{ name: "half", shape: [out, input], dtype: "float16" }],
  keep: (weight, _, allocate) => {
    const { buffer, byteOffset } = allocate(Math.ceil(weight.length / 2));
    const bits = new Uint16Array(buffer, byteOffset, weight.length);
    narrowFloat16(weight, bits);
    if (bits.some(isNotFinite)) throw new Unkeepable(faultOf(weight));
    return [bits];
  },
  read: ([bits]) => {
    const weight = new Float32Array(bits?.length ?? 0);
    widenFloat16(bits as Uint16Array, weight);
    return weight;
  },
  linear: (graph, x, [half], _, bias) => halfLinear(graph, x, half as Value, bias),
};

/** As `linear`; where products are float32, W is widened for each of them. */
function halfLinear(graph: Graph, x: Value, half: Value, bias: Value | undefined): Value {
  const y = product(graph, x, factorOf(graph, half, x), false, true, bias);
  const inputs = bias === undefined ? [x] : [x, bias];
  return graph.record(y, inputs, (g, [, wantB]) => [
    product(graph, g, factorOf(graph, half, g), false, false),
    wantB ? columnSums(graph, g) : undefined,
  ]);
}

/**
 * W as it is multiplied with, no sooner than what it is multiplied with: the runtime would widen it once for all products, and keep that from
 * the forward pass to the gradient's.
 */
function factorOf(graph: Graph, half: Value, other: Value): Value {
  const view = viewAfter(graph, half, other);
  return graph.precision === "f16" ? view : graph.cast(view, "float32");
}

/** All bits of the exponent are set. */
const isNotFinite = (bits: number) => (bits & 0x7c00) === 0x7c00;

function faultOf(weight: Float32Array): string {
  return weight.every(Number.isFinite)
    ? `a number beyond ±${MOST_FLOAT16}, which cannot be kept in float16; set settings.adapter.base to "f32"`
    : "a number that is not finite, which cannot be kept in float16";
}
