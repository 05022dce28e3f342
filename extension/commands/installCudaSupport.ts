/** Install CUDA Support. */

import { loadBundle } from "../loadBundle.ts";
import { canTrain } from "./requirements.ts";
import type { Workbench } from "./workbench.ts";

/** What the bundle of its own brings, `dist/cudaSupport.cjs`. */
type Bundle = typeof import("../cudaSupport/cudaSupport.ts");

export async function installCudaSupport({ context, devices, log }: Workbench): Promise<void> {
  if (!canTrain(context)) return;
  const { offerCudaSupport } = loadBundle<Bundle>(context, "cudaSupport");
  const runtime = context.asAbsolutePath("node_modules/onnxruntime-node");
  await offerCudaSupport({ runtime, log, check: () => devices.check() });
}
