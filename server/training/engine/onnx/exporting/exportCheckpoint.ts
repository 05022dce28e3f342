/** The policy of a checkpoint, written in one of the formats that others read. No device is opened. */
import type { ExportDtype, ExportFormat } from "../../../../../schemas/exporting.ts";
import { readModelConfig } from "../model/modelConfig.ts";
import { ownMemory } from "../model/weights.ts";
import { openPolicy, type PolicyOptions } from "../openPolicy.ts";
import { exportOnnx } from "./exportOnnx.ts";

export interface CheckpointExport extends PolicyOptions {
  /** Folder of the checkpoint. */
  checkpoint: string;
  as: ExportFormat;
  /** Of safetensors; the other formats are f32. */
  dtype: ExportDtype;
}

/**
 * Fills `dir`, which is there.
 *
 * @throws InputError where the model directory or the checkpoint cannot be read, or belong to different weights
 */
export function exportCheckpoint(dir: string, { checkpoint, as, dtype, ...options }: CheckpointExport): void {
  const config = readModelConfig(options.model);
  const policy = openPolicy(withWholeBase(options), config, ownMemory);
  policy.load(checkpoint);
  if (as === "adapter") policy.exportAdapter(dir);
  else if (as === "onnx") exportOnnx(dir, options.model, policy.merged(), config);
  else policy.exportModel(dir, dtype);
}

/** What others run has the weights as their files have them, in whatever form training kept these. */
function withWholeBase({ adapter, ...options }: PolicyOptions): PolicyOptions {
  if (adapter === undefined) return options;
  const { frozen: _, ...lora } = adapter;
  return { ...options, adapter: lora };
}
