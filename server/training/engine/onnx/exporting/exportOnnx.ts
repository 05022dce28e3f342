/** A policy as a folder that transformers.js and onnxruntime-genai load. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyEdits, modify } from "jsonc-parser";
import { writeJson } from "../../../../store/atomicFile.ts";
import { elements } from "../../shapes.ts";
import { copyCompanions } from "../model/exportModel.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { parameterShapes } from "../model/parameters.ts";
import type { Weights } from "../model/weights.ts";
import { causalGraph } from "./causalGraph.ts";
import { genaiConfig } from "./genaiConfig.ts";
import { type FileBounds, type LateInitializer, writeOnnx } from "./onnxFiles.ts";
import { standalone } from "./standalone.ts";

/** Where transformers.js looks for a graph in full precision. */
const GRAPH = "onnx/model.onnx";

/**
 * Writes `onnx/model.onnx` (float32), data files where it is large, genai_config.json, and what belongs to the weights from `source`.
 * @param bounds as writeOnnx
 */
export function exportOnnx(
  dir: string,
  source: string,
  weights: Pick<Weights, "get">,
  config: ModelConfig,
  bounds?: FileBounds,
): void {
  copyCompanions(dir, source, "f32");
  mkdirSync(join(dir, "onnx"), { recursive: true });
  const parameters = lateParameters(weights, config);
  const proto = standalone(causalGraph(config), new Set(parameters.map(({ name }) => name)));
  const dataFiles = writeOnnx(join(dir, GRAPH), proto, parameters, bounds);
  sayFormat(join(dir, "config.json"), dataFiles);
  writeJson(join(dir, "genai_config.json"), genaiConfig(source, config, GRAPH));
}

function lateParameters(weights: Pick<Weights, "get">, config: ModelConfig): LateInitializer[] {
  return [...parameterShapes(config)].map(([name, shape]) => ({
    name,
    dtype: "float32",
    shape,
    byteLength: Float32Array.BYTES_PER_ELEMENT * elements(shape),
    make: () => weights.get(name) as Float32Array,
  }));
}

/** transformers.js looks for a quantized graph, and for no other file, unless config.json says otherwise; `true` is one file. */
function sayFormat(file: string, dataFiles: number): void {
  const text = readFileSync(file, "utf8");
  const value = { dtype: "fp32", ...(dataFiles > 0 && { use_external_data_format: dataFiles === 1 || dataFiles }) };
  writeFileSync(file, applyEdits(text, modify(text, ["transformers.js_config"], value, {})));
}
