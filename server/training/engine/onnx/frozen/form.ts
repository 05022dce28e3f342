/** A form, other than float32, that a frozen matrix is kept in: what it is then made of, and the layer that computes with it. */
import type { Graph, Target, Value } from "../graph/graph.ts";
import type { DType } from "../graph/proto.ts";
import type { Allocate, InputArray } from "../model/weights.ts";

/** W [out, input]. */
export interface MatrixSize {
  out: number;
  input: number;
}

/** One of the tensors that a matrix is made of. */
export interface Part {
  name: string;
  shape: number[];
  dtype: DType;
}

export interface Form {
  /** What a number is kept in, as sentences say it. */
  readonly called: string;
  /** As graphs for that target read them. */
  parts(size: MatrixSize, target: Target): Part[];
  /**
   * The data of the parts.
   * @throws Unkeepable where the form has nothing that a number of W could be
   */
  keep(weight: Float32Array, size: MatrixSize, allocate: Allocate): InputArray[];
  /** The numbers that such data stand for, [out, input]. */
  read(data: readonly InputArray[]): Float32Array;
  /** y = x·Wᵀ + b with x [N, input], W in parts, b [out]. W is no input of the tape: it has no gradient. */
  linear(graph: Graph, x: Value, parts: readonly Value[], size: MatrixSize, bias?: Value): Value;
}
