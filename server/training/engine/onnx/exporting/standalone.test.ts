import assert from "node:assert/strict";
import test from "node:test";
import { Graph } from "../graph/graph.ts";
import { parameterShapes } from "../model/parameters.ts";
import { tinyConfig } from "../testing/tinyPolicy.ts";
import { causalGraph } from "./causalGraph.ts";
import { standalone } from "./standalone.ts";

test("results go by the names they were given, also where the graph itself reads them", () => {
  const graph = new Graph("cpu");
  const doubled = graph.node("Add", [graph.input("x", [2]), graph.input("w", [2])], [2]);
  graph.output("doubled", doubled);
  graph.output("squared", graph.node("Mul", [doubled, doubled], [2]));
  const { nodes, inputs, outputs } = standalone(graph, new Set(["w"]));
  assert.deepEqual(
    nodes.map((node) => [node.inputs, node.outputs]),
    [
      [["x", "w"], ["doubled"]],
      [["doubled", "doubled"], ["squared"]],
    ],
  );
  assert.deepEqual(
    inputs.map(({ name }) => name),
    ["x"],
  );
  assert.deepEqual(
    outputs.map(({ name }) => name),
    ["doubled", "squared"],
  );
});

test("of a policy's graph nothing is left that only training reads, and nothing is read that nobody makes", () => {
  const config = tinyConfig(false, { headNorms: true });
  const parameters = new Set(parameterShapes(config).keys());
  const graph = causalGraph(config);
  const { nodes, inputs, initializers } = standalone(graph, parameters);
  const read = new Set(nodes.flatMap((node) => node.inputs));
  assert.ok(initializers.every(({ name }) => read.has(name)));
  assert.ok(initializers.length < graph.proto().initializers.length, "the graph has tables for gradients");
  const norms = nodes.filter(({ op }) => op === "SimplifiedLayerNormalization");
  assert.deepEqual([...new Set(norms.map(({ outputs }) => outputs.length))], [1]);
  const made = new Set([
    ...nodes.flatMap(({ outputs }) => outputs),
    ...[...inputs, ...initializers].map(({ name }) => name),
  ]);
  assert.deepEqual([...read].filter((name) => !made.has(name)).sort(), [...parameters].sort());
});
