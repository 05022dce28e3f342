/** A graph of ours as a model that stands by itself: results under the names they were given, parameters no longer fed. */
import type { Graph } from "../graph/graph.ts";
import type { GraphProto, NodeProto } from "../graph/proto.ts";

/** @param parameters names of the inputs that become tensors of the model; the caller adds them */
export function standalone(graph: Graph, parameters: ReadonlySet<string>): GraphProto {
  const { nodes, inputs, initializers } = graph.proto();
  const outputs = [...graph.outputs];
  const names = new Map(outputs.map(([name, value]) => [value.name, name]));
  const named = (name: string) => names.get(name) ?? name;
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...names.keys()]);
  return {
    nodes: nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(named),
      outputs: withoutUnread(node, read).map(named),
    })),
    inputs: inputs.filter(({ name }) => !parameters.has(name)),
    outputs: outputs.map(([name, value]) => ({ ...value, name })),
    // Gradients have tables of their own.
    initializers: initializers.filter(({ name }) => read.has(name)),
  };
}

/** A node's last results go where nothing reads them: not every provider makes what only training needs. */
function withoutUnread({ outputs }: NodeProto, read: ReadonlySet<string>): readonly string[] {
  const last = outputs.findLastIndex((name) => read.has(name));
  return outputs.slice(0, Math.max(1, last + 1));
}
