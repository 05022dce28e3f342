/** What a person can choose for an export: formats, and where it goes. */
import { join } from "node:path";
import type { ExportDtype, ExportFormat } from "../../schemas/exporting.ts";
import type { L10n } from "../l10n.ts";
import type { RunStatus } from "../status/runStatus.ts";

export interface FormatChoice {
  label: string;
  detail: string;
  as: ExportFormat;
  dtype: ExportDtype;
}

/** The formats that a run's policy can be had in; an adapter alone only where the run trains one. */
export function formatsOf({ details }: RunStatus, l10n: L10n): FormatChoice[] {
  const adapted = details?.adapter === true;
  const model = adapted
    ? l10n.t(
        "Hugging Face model directory, the adapter merged into it, for transformers and whatever loads safetensors.",
      )
    : l10n.t("Hugging Face model directory, for transformers and whatever loads safetensors.");
  const adapter: FormatChoice = {
    label: l10n.t("Adapter"),
    detail: l10n.t("The adapter alone in PEFT's format: a few megabytes that belong to the model the run began with."),
    as: "adapter",
    dtype: "f32",
  };
  return [
    { label: l10n.t("Model, float32"), detail: model, as: "safetensors", dtype: "f32" },
    {
      label: l10n.t("Model, bfloat16"),
      detail: l10n.t("The same in half the size."),
      as: "safetensors",
      dtype: "bf16",
    },
    ...(adapted ? [adapter] : []),
    {
      label: l10n.t("ONNX"),
      detail: l10n.t("A graph with its weights in float32, for transformers.js and onnxruntime-genai."),
      as: "onnx",
      dtype: "f32",
    },
  ];
}

/**
 * The folder that an export makes in the one which was chosen: called after run and format, with a number where that is taken.
 * @param taken whether something is called so already
 */
export function exportFolder(
  parent: string,
  { id }: Pick<RunStatus, "id">,
  { as, dtype }: Pick<FormatChoice, "as" | "dtype">,
  taken: (path: string) => boolean,
): string {
  const base = join(parent, `${id}-${as === "safetensors" ? dtype : as}`);
  for (let number = 1; ; number++) {
    const folder = number === 1 ? base : `${base}-${number}`;
    if (!taken(folder)) return folder;
  }
}
