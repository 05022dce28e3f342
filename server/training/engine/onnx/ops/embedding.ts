/** Token embedding, whose gradient meets the same row many times. */
import type { Dim } from "../graph/dims.ts";
import type { Graph, Value } from "../graph/graph.ts";

/**
 * Rows of the table [V, h] for the ids [N].
 * The gradient adds up with ScatterElements: ScatterND loses additions on the CPU where indices repeat and threads are
 * several (microsoft/onnxruntime#23396).
 */
export function embedding(graph: Graph, table: Value, ids: Value): Value {
  const [n] = ids.shape as [Dim];
  const hidden = table.shape[1] as Dim;
  const y = graph.node("Gather", [table, ids], [n, hidden], { axis: 0 });
  return graph.record(y, [table], (g) => {
    const zeros = graph.node("Expand", [graph.scalar(0), graph.dims(table.shape)], table.shape);
    const column = graph.node("Reshape", [ids, graph.dims([n, 1])], [n, 1]);
    const indices = graph.node("Expand", [column, graph.dims([n, hidden])], [n, hidden]);
    return [graph.node("ScatterElements", [zeros, indices, g], table.shape, { axis: 0, reduction: "add" })];
  });
}
