/** Rotary position embedding (Su et al., "RoFormer"), in the half-split layout of Hugging Face's Llama family. */
import type { Graph, Value } from "../graph/graph.ts";

/** Cosines and sines of every position, each [positions, headSize / 2]. */
export interface RotaryTables {
  cos: Value;
  /** Also kept negated: the transpose of a rotation is the rotation by the opposite angle. */
  sin: Value;
  negativeSin: Value;
}

/**
 * Tables for `positions` positions of pairs that turn by `frequencies` radians per position. `scale` multiplies both: with
 * 1/√headSize in the queries' tables the attention scores need no scaling of their own.
 */
export function rotaryTables(graph: Graph, positions: number, frequencies: Float64Array, scale: number): RotaryTables {
  const half = frequencies.length;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let position = 0; position < positions; position++) {
    for (const [i, frequency] of frequencies.entries()) {
      const angle = position * frequency;
      cos[position * half + i] = scale * Math.cos(angle);
      sin[position * half + i] = scale * Math.sin(angle);
    }
  }
  const shape = [positions, half];
  return {
    cos: graph.constant(cos, shape),
    sin: graph.constant(sin, shape),
    negativeSin: graph.constant(
      sin.map((value) => -value),
      shape,
    ),
  };
}

/**
 * Rotates the heads of x [N, 1, heads·headSize] to the positions [N, 1]. Each row is a batch of its own: the kernel
 * refuses a sequence longer than the tables, and our rows hold many sequences.
 */
export function rotate(graph: Graph, x: Value, positions: Value, tables: RotaryTables): Value {
  const turn = (value: Value, sin: Value) =>
    graph.node("com.microsoft:RotaryEmbedding", [value, positions, tables.cos, sin], value.shape, { interleaved: 0 });
  return graph.record(turn(x, tables.sin), [x], (g) => [turn(g, tables.negativeSin)]);
}
