/** Install CUDA Support. */
import { createRequire } from "node:module";
import { canTrain } from "./requirements.ts";
import type { Workbench } from "./workbench.ts";

/** What the bundle of its own brings, `dist/cudaSupport.cjs`. */
type Bundle = typeof import("../cudaSupport/cudaSupport.ts");

export async function installCudaSupport({ context, devices, log }: Workbench): Promise<void> {
  if (!canTrain(context)) return;
  const bundle: Bundle = createRequire(context.asAbsolutePath("dist/extension.cjs"))("./cudaSupport.cjs");
  const runtime = context.asAbsolutePath("node_modules/onnxruntime-node");
  await bundle.offerCudaSupport({ runtime, log, check: () => devices.check() });
}
