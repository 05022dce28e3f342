import assert from "node:assert/strict";
import test from "node:test";
import { exp, mul, sumAll } from "../ops/elementwise.ts";
import { split } from "../ops/layout.ts";
import { Interpreter } from "../testing/interpreter.ts";
import { gradients } from "./autodiff.ts";
import { Graph, type Value } from "./graph.ts";

test("a loss that does not depend on a parameter is refused, by name", () => {
  const graph = new Graph("cpu");
  const [a, b] = [graph.input("a", [2]), graph.input("weight.of.b", [2])];
  exp(graph, b);
  assert.throws(() => gradients(graph, sumAll(graph, a), [a, b]), /weight\.of\.b/);
});

test("what does not lie between the parameters and the loss makes no nodes", () => {
  const graph = new Graph("cpu");
  const [parameter, data] = [graph.input("parameter", [2]), graph.input("data", [2])];
  const loss = sumAll(graph, mul(graph, parameter, exp(graph, exp(graph, data))));
  exp(graph, parameter);
  const before = graph.size;
  gradients(graph, loss, [parameter]);
  // The loss's gradient expanded, and that times the data.
  assert.equal(graph.size, before + 2);
});

test("the gradient of the loss by itself is 1, and by an intermediate result what comes after it", () => {
  const graph = new Graph("cpu");
  const a = graph.input("a", []);
  const middle = exp(graph, a);
  const loss = mul(graph, middle, middle);
  const [byLoss, byMiddle, byA] = gradients(graph, loss, [loss, middle, a]) as [Value, Value, Value];
  graph.output("middle", byMiddle);
  graph.output("a", byA);
  assert.deepEqual(byLoss, graph.scalar(1));
  const results = new Interpreter(graph, {}).run(new Map([["a", [0.5]]]));
  assert.equal(results.get("middle")?.[0], 2 * Math.exp(0.5));
  assert.ok(Math.abs((results.get("a")?.[0] as number) - 2 * Math.exp(1)) < 1e-12);
});

test("pieces of a split that only fixed values meet are no obstacle where no gradient is asked for", () => {
  const graph = new Graph("cpu");
  const [parameter, data] = [graph.input("parameter", [2]), graph.input("data", [4])];
  const [used] = split(graph, data, 0, [2, 2]) as [Value];
  const [gradient] = gradients(graph, sumAll(graph, mul(graph, parameter, used)), [parameter]);
  assert.ok(gradient);
});
