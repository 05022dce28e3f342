/** The machine's float32 matrix-product rate through our runtime: a square product, the fastest form there is. */
import { Graph } from "../../server/training/engine/onnx/graph.ts";
import { GraphSession } from "../../server/training/engine/onnx/session.ts";

interface Settings {
  size: number;
  threads: number;
  runs: number;
}

const { size, threads, runs } = JSON.parse(process.argv[2] as string) as Settings;
const graph = new Graph("cpu");
const [a, b] = [graph.input("a", [size, size]), graph.input("b", [size, size])];
graph.output("product", graph.node("MatMul", [a, b], [size, size]));
const session = await GraphSession.create(graph, { device: "cpu", threads });
const feeds = new Map(
  ["a", "b"].map((name) => [name, Float32Array.from({ length: size * size }, (_, i) => Math.sin(i))]),
);
const times: number[] = [];
for (let run = -3; run < runs; run++) {
  const started = performance.now();
  await session.run(feeds, {});
  if (run >= 0) times.push(performance.now() - started);
}
console.log(JSON.stringify({ times, operations: 2 * size ** 3 }));
