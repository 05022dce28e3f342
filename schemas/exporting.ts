/** What a trained policy can be exported as. */
export const EXPORT_FORMATS = ["safetensors", "adapter", "onnx"] as const;
/**
 * safetensors: a Hugging Face model directory, an adapter merged into it; adapter: a PEFT adapter directory; onnx: a graph with
 * the weights, for ONNX Runtime in its various shapes.
 */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_DTYPES = ["f32", "bf16"] as const;
export type ExportDtype = (typeof EXPORT_DTYPES)[number];
