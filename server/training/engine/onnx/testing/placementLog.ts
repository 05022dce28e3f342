/**
 * A program of its own: opens one of the engine's graphs on WebGPU with ONNX Runtime's log turned up, which then says which
 * provider each node was placed on. Argument: the graph's name in engineGraphs.ts.
 */
import * as ort from "onnxruntime-node";
import { engineGraph } from "./engineGraphs.ts";

const session = await ort.InferenceSession.create(engineGraph(process.argv[2] ?? "", "webgpu").encode(), {
  executionProviders: ["webgpu"],
  graphOptimizationLevel: "all",
  logSeverityLevel: 0,
});
await session.release();
