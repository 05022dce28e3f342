/** The parameters of a policy whose projections are frozen in another form than float32: their names, their shapes, and whether it fits them. */
import { BLOCK_SIZES } from "../../../../../schemas/adapter.ts";
import type { FrozenForm } from "../../lora.ts";
import { elements } from "../../shapes.ts";
import type { Graph, Target, Value } from "../graph/graph.ts";
import { bytesPerElement } from "../graph/proto.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { parameterShapes } from "../model/parameters.ts";
import { PROJECTIONS, projectionName } from "../model/projections.ts";
import type { MatrixSize, Part } from "./form.ts";
import { formOf } from "./forms.ts";

/** A projection of one layer. */
export interface FrozenProjection extends MatrixSize {
  /** Name of its weight, [out, input]. */
  name: string;
}

/** Every linear projection of every layer, in the order of the forward pass. Embeddings, norms, biases and the head are none. */
export function frozenProjections(config: ModelConfig): FrozenProjection[] {
  const shapes = parameterShapes(config);
  return Array.from({ length: config.layers }, (_, layer) =>
    PROJECTIONS.map((projection) => {
      const name = projectionName(layer, projection, "weight");
      const [out, input] = shapes.get(name) as [number, number];
      return { name, out, input };
    }),
  ).flat();
}

/** What a projection's weight is made of, by the names of all parameters. */
export function frozenParts(projection: FrozenProjection, frozen: FrozenForm, target: Target): Part[] {
  const parts = formOf(frozen).parts(projection, target);
  return parts.map((part) => ({ ...part, name: `${projection.name}.${part.name}` }));
}

/** Shapes of all parameters as graphs of a device with a memory of its own read them. */
export function frozenShapes(config: ModelConfig, frozen: FrozenForm): Map<string, number[]> {
  const shapes = parameterShapes(config);
  for (const projection of frozenProjections(config)) {
    shapes.delete(projection.name);
    for (const { name, shape } of frozenParts(projection, frozen, "webgpu")) shapes.set(name, shape);
  }
  return shapes;
}

/** A layer that computes with a frozen weight: of x [N, input] and b [out], x·Wᵀ + b. */
export type FrozenLinear = (x: Value, bias?: Value) => Value;

/** Declares what every projection is made of as inputs of the graph; the layers are by the names of their weights. */
export function frozenOn(graph: Graph, config: ModelConfig, frozen: FrozenForm): ReadonlyMap<string, FrozenLinear> {
  const form = formOf(frozen);
  return new Map(
    frozenProjections(config).map((projection) => {
      const parts = frozenParts(projection, frozen, graph.target);
      const values = parts.map(({ name, shape, dtype }) => graph.input(name, shape, dtype));
      return [projection.name, (x, bias) => form.linear(graph, x, values, projection, bias)];
    }),
  );
}

/** Numbers of the frozen projections, and the bytes of them. */
export function frozenSizes(config: ModelConfig, frozen: FrozenForm): { numbers: number; bytes: number } {
  const sizes = { numbers: 0, bytes: 0 };
  for (const projection of frozenProjections(config)) {
    sizes.numbers += projection.out * projection.input;
    for (const { shape, dtype } of frozenParts(projection, frozen, "webgpu"))
      sizes.bytes += bytesPerElement(dtype) * elements(shape);
  }
  return sizes;
}

/** Why that form does not fit the policy, in one sentence; undefined where it does. */
export function formFault(config: ModelConfig, frozen: FrozenForm): string | undefined {
  if (frozen.kind === "half") return undefined;
  const unfit = (size: number) => frozenProjections(config).find(({ input }) => input % (2 * size) !== 0);
  const found = unfit(frozen.block);
  if (found === undefined) return undefined;
  // An even number, since two zero points share a byte and kernels of WebGPU read no half of one (ONNX Runtime 1.30).
  const problem = `The policy's ${found.name} has ${found.input} inputs, which are no even number of blocks of ${frozen.block}`;
  const fitting = BLOCK_SIZES.findLast((size) => unfit(size) === undefined);
  return fitting === undefined
    ? `${problem}, nor of smaller ones; set settings.adapter.base to "f16" or "f32".`
    : `${problem}; set settings.adapter.block to ${fitting}.`;
}
