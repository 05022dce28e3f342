/** Export Model: the policy of a run's newest checkpoint, for others to load. */
import * as vscode from "vscode";
import { loadBundle } from "../loadBundle.ts";
import { revealFolder } from "./open.ts";
import { pickRun } from "./pickRun.ts";
import { isTrusted } from "./requirements.ts";
import type { Workbench } from "./workbench.ts";

/** What the bundle of its own brings, `dist/exporting.cjs`. */
type Bundle = typeof import("../exporting/exporting.ts");

const waits = (): string =>
  vscode.l10n.t("An export reads the files that the run names, so it waits until you trust the workspace.");

export async function exportModel({ context, log, runs }: Workbench, target: unknown): Promise<void> {
  const run = await pickRun(runs, target, {
    fits: ({ details }) => details !== undefined,
    question: vscode.l10n.t("Which run's policy is to be exported?"),
    none: vscode.l10n.t("There is no run in this workspace yet."),
  });
  if (!run || !(await isTrusted(waits()))) return;
  const { exportPolicy } = loadBundle<Bundle>(context, "exporting");
  const program = context.asAbsolutePath("dist/exportProcess.js");
  await exportPolicy(run, { program, log, reveal: revealFolder });
}
