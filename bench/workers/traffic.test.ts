import assert from "node:assert/strict";
import { test } from "node:test";
import { Graph } from "../../server/training/engine/onnx/graph/graph.ts";
import { addRaw } from "../../server/training/engine/onnx/ops/elementwise.ts";
import { GraphSession } from "../../server/training/engine/onnx/runtime/session.ts";
import { countTraffic } from "./traffic.ts";

test("what a session is fed and hands back is counted in bytes, at every run", async () => {
  const traffic = countTraffic("webgpu");
  assert.ok(traffic);
  const graph = new Graph("cpu");
  graph.output("sum", addRaw(graph, graph.input("a", [6]), graph.input("b", [1])));
  const session = await GraphSession.create(graph, { device: "cpu", threads: 1 });
  const feeds = new Map([
    ["a", new Float32Array(6)],
    ["b", new Float32Array(1)],
  ]);
  for (let run = 0; run < 3; run++) await session.run(feeds, {});
  await session.dispose();
  assert.deepEqual(traffic, { toDevice: 3 * 4 * 7, fromDevice: 3 * 4 * 6 });
});

test("on the host nothing is moved", () => {
  assert.equal(countTraffic("cpu"), undefined);
});
