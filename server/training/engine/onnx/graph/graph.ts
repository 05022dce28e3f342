/**
 * A computation under construction: typed values with symbolic shapes, the nodes that make them, and a tape of how each
 * differentiable result depends on its inputs (read backwards by autodiff.ts).
 */
import { type Dim, type Shape, type Sizes, sizeOf } from "./dims.ts";
import {
  type Attribute,
  DATA_TYPE,
  type DType,
  encodeModel,
  type GraphProto,
  type InitializerProto,
  type NodeProto,
} from "./proto.ts";

export interface Value {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Gradients of the inputs from the gradients of the results; only the wanted ones need be made. */
export type Backward<Gradients = Value> = (
  gradient: Gradients,
  wanted: readonly boolean[],
) => readonly (Value | undefined)[];

export interface TapeEntry {
  outputs: readonly Value[];
  inputs: readonly Value[];
  /** Takes one gradient per result; undefined where nothing was computed from that result. */
  backward: Backward<readonly (Value | undefined)[]>;
}

/** Data of inputs that never changes. */
export type Constants = ReadonlyMap<string, InitializerProto["data"]>;

/** Where the graph will run: lowering differs where a device lacks a kernel or has a faster one. */
export type Target = "cpu" | "webgpu";

/** The type of most results. */
function resultOf(inputs: readonly Value[]): DType {
  return inputs.some(({ dtype }) => dtype === "float32") ? "float32" : (inputs[0]?.dtype ?? "float32");
}

/** What the products of linear layers are computed in; all else is float32. */
export type Precision = "f32" | "f16";

export class Graph {
  readonly target: Target;
  readonly precision: Precision;
  readonly inputs = new Map<string, Value>();
  readonly outputs = new Map<string, Value>();
  readonly tape: TapeEntry[] = [];
  /** Reshape targets that depend on named sizes: fed as small inputs, computed on the host at each run. */
  readonly #shapes = new Map<string, Shape>();
  readonly #nodes: NodeProto[] = [];
  readonly #initializers = new Map<string, InitializerProto>();
  #count = 0;

  constructor(target: Target, precision: Precision = "f32") {
    this.target = target;
    this.precision = precision;
  }

  input(name: string, shape: Shape, dtype: DType = "float32"): Value {
    const value: Value = { name, dtype, shape };
    this.inputs.set(name, value);
    return value;
  }

  /** Names a result that the run returns. No copy is made: the session knows the result by its own name. */
  output(name: string, value: Value): void {
    this.outputs.set(name, value);
  }

  /** A number as a scalar tensor; equal numbers share one. */
  scalar(value: number): Value {
    return this.#initializer(`scalar:${value}`, Float32Array.of(value), [], "float32");
  }

  /** Integers (axes, split sizes) as a vector. */
  integers(...values: number[]): Value {
    const data = BigInt64Array.from(values, BigInt);
    return this.#initializer(`integers:${values}`, data, [values.length], "int64");
  }

  /** The integers from 0 to below n as a vector. */
  range(n: number): Value {
    return this.#initializer(
      `range:${n}`,
      BigInt64Array.from({ length: n }, (_, i) => BigInt(i)),
      [n],
      "int64",
    );
  }

  /** An integer as a scalar tensor. */
  integer(value: number): Value {
    return this.#initializer(`integer:${value}`, BigInt64Array.of(BigInt(value)), [], "int64");
  }

  /** A constant tensor. */
  constant(data: Float32Array, shape: readonly number[]): Value {
    this.#count += 1;
    return this.#initializer(`constant:${this.#count}`, data, shape, "float32");
  }

  /** A vector of dimensions, as Reshape, Expand, Slice and Split take them. */
  dims(shape: Shape): Value {
    if (shape.every((dim) => typeof dim === "number")) return this.integers(...(shape as number[]));
    const name = `dims:${shape.join(",")}`;
    this.#shapes.set(name, shape);
    return this.inputs.get(name) ?? this.input(name, [shape.length], "int64");
  }

  /** Adds a node with one result. */
  node(op: string, inputs: readonly Value[], shape: Shape, attributes: Record<string, Attribute> = {}): Value {
    return this.nodes(op, inputs, [shape], attributes)[0] as Value;
  }

  /** The value in another type. */
  cast(value: Value, dtype: DType): Value {
    return this.nodes("Cast", [value], [value.shape], { to: DATA_TYPE[dtype] }, dtype)[0] as Value;
  }

  /** Adds a node with several results. An operator of ONNX Runtime's own is written "com.microsoft:Name". */
  nodes(
    op: string,
    inputs: readonly Value[],
    shapes: readonly Shape[],
    attributes: Record<string, Attribute> = {},
    dtype = resultOf(inputs),
  ): Value[] {
    const [type, domain] = op.includes(":") ? [op.split(":")[1] as string, op.split(":")[0] as string] : [op, ""];
    const outputs = shapes.map((shape) => {
      this.#count += 1;
      return { name: `${type}_${this.#count}`, dtype, shape } satisfies Value;
    });
    this.#nodes.push({
      op: type,
      domain,
      inputs: inputs.map((value) => value.name),
      outputs: outputs.map((value) => value.name),
      attributes,
    });
    return outputs;
  }

  /** Notes on the tape how `output` depends on `inputs`. Returns the output. */
  record(output: Value, inputs: readonly Value[], backward: Backward): Value {
    this.tape.push({ outputs: [output], inputs, backward: ([g], wanted) => backward(g as Value, wanted) });
    return output;
  }

  /** The same for an operator with several results. */
  recordAll(outputs: readonly Value[], inputs: readonly Value[], backward: TapeEntry["backward"]): readonly Value[] {
    this.tape.push({ outputs, inputs, backward });
    return outputs;
  }

  /** Number of nodes so far. */
  get size(): number {
    return this.#nodes.length;
  }

  /** How often each operator stands in the graph. */
  operators(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { op } of this.#nodes) counts.set(op, (counts.get(op) ?? 0) + 1);
    return counts;
  }

  /** The graph as ONNX's messages have it: nodes in the order of computation. */
  proto(): GraphProto {
    return {
      nodes: this.#nodes,
      inputs: [...this.inputs.values()],
      outputs: [...this.outputs.values()],
      initializers: [...this.#initializers.values()],
    };
  }

  /**
   * The ONNX model, in which the inputs that `constants` has data for are part of the model. With `beside`, the model says that each lies
   * in a file of its name: of one that holds them, protobuf can read 2 GiB.
   */
  encode(constants: Constants = new Map(), beside = false): Uint8Array {
    const { inputs, initializers, ...proto } = this.proto();
    const fixed = inputs.flatMap((input) => {
      const data = constants.get(input.name);
      return data === undefined ? [] : [{ ...input, data }];
    });
    const stored = fixed.map(({ data: { byteLength }, ...input }) => ({
      ...input,
      ...{ location: input.name, offset: 0, byteLength },
    }));
    return encodeModel({
      ...proto,
      inputs: inputs.filter(({ name }) => !constants.has(name)),
      initializers: beside ? initializers : [...initializers, ...fixed],
      stored: beside ? stored : [],
    });
  }

  /** Values of the reshape targets for one run. */
  dimensionFeeds(sizes: Sizes): Map<string, BigInt64Array> {
    const feeds = new Map<string, BigInt64Array>();
    for (const [name, shape] of this.#shapes) {
      feeds.set(
        name,
        BigInt64Array.from(shape, (dim: Dim) => BigInt(sizeOf(dim, sizes))),
      );
    }
    return feeds;
  }

  #initializer(name: string, data: Float32Array | BigInt64Array, shape: readonly number[], dtype: DType): Value {
    const value: Value = { name, dtype, shape };
    if (!this.#initializers.has(name)) this.#initializers.set(name, { ...value, data });
    return value;
  }
}
