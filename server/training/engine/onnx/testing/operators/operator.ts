/** What an operator of the interpreter is, and how its attributes are read. */
import type { NodeProto } from "../../graph/proto.ts";
import type { Tensor } from "../tensor.ts";

export type Attributes = NodeProto["attributes"];

export type Operator = (inputs: readonly Tensor[], attributes: Attributes) => Tensor[];

/** Refuses attributes that the interpreter would leave unread: they would change the result elsewhere. */
export function only(attributes: Attributes, ...known: string[]): void {
  const unknown = Object.keys(attributes).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`Unknown attributes: ${unknown}`);
}

export function int(attributes: Attributes, name: string, fallback: number): number {
  const value = attributes[name] ?? fallback;
  if (typeof value !== "number" || !Number.isInteger(value)) throw new Error(`Attribute ${name} is not an integer`);
  return value;
}

export function float(attributes: Attributes, name: string, fallback: number): number {
  const value = attributes[name];
  if (value === undefined) return fallback;
  if (typeof value !== "object" || !("float" in value)) throw new Error(`Attribute ${name} is not a float`);
  return value.float;
}

export function input(inputs: readonly Tensor[], index: number): Tensor {
  const tensor = inputs[index];
  if (tensor === undefined) throw new Error(`Input ${index} is missing`);
  return tensor;
}
