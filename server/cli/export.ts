/** `toolexpander export`: a run's policy for others to load. */
import type { ExportDtype, ExportFormat } from "../../schemas/exporting.ts";
import { plain } from "../toolcalls/display.ts";
import { resolveRun } from "../training/client/discover.ts";
import { type Exported, exportRun } from "../training/exportRun.ts";
import { sizeText } from "../training/models/sizeText.ts";
import { ExitCode } from "./exit.ts";
import { outputFor } from "./output.ts";
import { runsFolders } from "./runs.ts";

export interface ExportOptions {
  to: string;
  as: ExportFormat;
  dtype: ExportDtype;
  /** Step of the checkpoint. */
  checkpoint?: number;
  runs?: string;
  json?: boolean;
}

export async function exportCommand(
  run: string,
  { to, as, dtype, checkpoint, runs, json = false }: ExportOptions,
): Promise<ExitCode> {
  const output = outputFor(json);
  const { folder, id, record } = resolveRun(run, runsFolders(runs));
  const exported = await exportRun(folder, record, { to, as, dtype, step: checkpoint }, (step) =>
    output.say(plain(`Exporting the policy of ${id} after step ${step} …`, 500)),
  );
  output.result({ event: "export", run: folder, as, dtype, ...exported }, () => textOf(exported));
  return ExitCode.done;
}

function textOf({ folder, step, files }: Exported): string {
  const lines = files.map(({ name, bytes }) => `  ${plain(name)} (${sizeText(bytes)})`);
  return [`The policy after step ${step} is in ${plain(folder, 500)}:`, ...lines].join("\n");
}
