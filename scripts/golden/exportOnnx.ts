/**
 * Exports every golden model as ONNX, its weights inside of the graph and beside it, into `<folder>/<model>-<inside|beside>`,
 * for `python scripts/golden/onnx_exports.py <folder>` to run.
 */
import { join, resolve } from "node:path";
import { exportOnnx } from "../../server/training/engine/onnx/exporting/exportOnnx.ts";
import { readModelConfig } from "../../server/training/engine/onnx/model/modelConfig.ts";
import { goldenDir, goldenModels } from "../../server/training/engine/onnx/testing/golden.ts";
import { loadWeights } from "../../server/training/engine/onnx/model/weights.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Say into which folder");
for (const model of goldenModels) {
  const source = goldenDir(model);
  const config = readModelConfig(source);
  const weights = loadWeights(source, config);
  exportOnnx(join(resolve(folder), `${model}-inside`), source, weights, config);
  exportOnnx(join(resolve(folder), `${model}-beside`), source, weights, config, { inside: 0, file: 2 ** 30 });
}
