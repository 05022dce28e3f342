/**
 * ONNX's protobuf messages, as far as our graphs need them (onnx.proto3, IR version 10): written with pbf,
 * which encodes the wire format; the field numbers below are ONNX's.
 */
import { PbfWriter } from "pbf";
import type { Dim, Shape } from "./dims.ts";

export type DType = "float32" | "float16" | "uint8" | "int64" | "bool";

/** ONNX's numbers of the types. */
export const DATA_TYPE: Record<DType, number> = { float32: 1, uint8: 2, int64: 7, bool: 9, float16: 10 };
const BYTES: Record<DType, number> = { float32: 4, float16: 2, uint8: 1, int64: 8, bool: 1 };
export const bytesPerElement = (dtype: DType): number => BYTES[dtype];

/** Attribute values: a number is an int unless wrapped by `float`. */
export type Attribute = number | { float: number } | string | readonly number[];

export interface NodeProto {
  op: string;
  domain: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
}

export interface ValueProto {
  name: string;
  dtype: DType;
  shape: Shape;
}

export interface InitializerProto extends ValueProto {
  data: Float32Array | BigInt64Array | Uint8Array | Uint16Array;
}

/** A tensor whose bytes lie in a file beside the model's. */
export interface StoredProto extends ValueProto {
  /** Name of the file, and where in it. */
  location: string;
  offset: number;
  byteLength: number;
}

export interface GraphProto {
  nodes: readonly NodeProto[];
  inputs: readonly ValueProto[];
  outputs: readonly ValueProto[];
  initializers: readonly InitializerProto[];
  /** Further initializers. */
  stored?: readonly StoredProto[];
}

const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

function writeAttribute([name, value]: [string, Attribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === "number") {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, ATTRIBUTE_INT);
  } else if (typeof value === "string") {
    pbf.writeBytesField(4, new TextEncoder().encode(value));
    pbf.writeVarintField(20, ATTRIBUTE_STRING);
  } else if ("float" in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, ATTRIBUTE_FLOAT);
  } else {
    for (const item of value) pbf.writeVarintField(8, item);
    pbf.writeVarintField(20, ATTRIBUTE_INTS);
  }
}

function writeNode(node: NodeProto, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(3, `${node.op}:${node.outputs[0]}`);
  pbf.writeStringField(4, node.op);
  for (const attribute of Object.entries(node.attributes)) pbf.writeMessage(5, writeAttribute, attribute);
  if (node.domain !== "") pbf.writeStringField(7, node.domain);
}

function writeDim(dim: Dim, pbf: PbfWriter): void {
  if (typeof dim === "number") pbf.writeVarintField(1, dim);
  else pbf.writeStringField(2, dim);
}

function writeShape(shape: Shape, pbf: PbfWriter): void {
  for (const dim of shape) pbf.writeMessage(1, writeDim, dim);
}

function writeTensorType(value: ValueProto, pbf: PbfWriter): void {
  pbf.writeVarintField(1, DATA_TYPE[value.dtype]);
  pbf.writeMessage(2, writeShape, value.shape);
}

function writeType(value: ValueProto, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, value);
}

function writeValue(value: ValueProto, pbf: PbfWriter): void {
  pbf.writeStringField(1, value.name);
  pbf.writeMessage(2, writeType, value);
}

function writeInitializer(tensor: InitializerProto, pbf: PbfWriter): void {
  for (const dim of tensor.shape) pbf.writeVarintField(1, Number(dim));
  pbf.writeVarintField(2, DATA_TYPE[tensor.dtype]);
  pbf.writeStringField(8, tensor.name);
  pbf.writeBytesField(9, new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength));
}

const EXTERNAL = 1;

function writeStored({ location, offset, byteLength, ...tensor }: StoredProto, pbf: PbfWriter): void {
  for (const dim of tensor.shape) pbf.writeVarintField(1, Number(dim));
  pbf.writeVarintField(2, DATA_TYPE[tensor.dtype]);
  pbf.writeStringField(8, tensor.name);
  for (const entry of Object.entries({ location, offset: String(offset), length: String(byteLength) }))
    pbf.writeMessage(13, writeEntry, entry);
  pbf.writeVarintField(14, EXTERNAL);
}

function writeEntry([key, value]: [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeGraph({ stored = [], ...graph }: GraphProto, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, "policy");
  for (const tensor of graph.initializers) pbf.writeMessage(5, writeInitializer, tensor);
  for (const tensor of stored) pbf.writeMessage(5, writeStored, tensor);
  for (const input of graph.inputs) pbf.writeMessage(11, writeValue, input);
  for (const output of graph.outputs) pbf.writeMessage(12, writeValue, output);
}

function writeOpset(opset: { domain: string; version: number }, pbf: PbfWriter): void {
  pbf.writeStringField(1, opset.domain);
  pbf.writeVarintField(2, opset.version);
}

/** Bytes of nodes, names and shapes: more than ours have, though the buffer grows by itself where they have more. */
const ROOM_BESIDE_DATA = 2 ** 20;

/** Bytes of an ONNX model holding the graph. */
export function encodeModel(graph: GraphProto): Uint8Array {
  // At once as large as it gets: a buffer that grows is there twice whenever it does.
  const data = graph.initializers.reduce((sum, tensor) => sum + tensor.data.byteLength, 0);
  const pbf = new PbfWriter(new Uint8Array(data + ROOM_BESIDE_DATA));
  pbf.writeVarintField(1, 10);
  pbf.writeStringField(2, "ToolExpander");
  pbf.writeMessage(7, writeGraph, graph);
  pbf.writeMessage(8, writeOpset, { domain: "", version: 20 });
  pbf.writeMessage(8, writeOpset, { domain: "com.microsoft", version: 1 });
  return pbf.finish();
}
