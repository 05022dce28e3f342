/** Version of ONNX Runtime, without loading its native part. */
import { env } from "onnxruntime-common";

export const runtimeVersion: string = env.versions.common;
